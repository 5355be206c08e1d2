DROP TABLE device_room;
