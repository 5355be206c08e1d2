DROP TABLE class_photo_crop;
DROP TABLE class_photo;
