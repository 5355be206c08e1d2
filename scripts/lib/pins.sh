# shellcheck shell=bash disable=SC2034
# Everything that is fetched and is not a Debian package of the machine's own release: exact version
# and checksum. The licences and reasons are in third_party/.

PIN_ONNXRUNTIME_VERSION=1.30.0
PIN_ONNXRUNTIME_INTEGRITY=sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw==

PIN_ORT_HEADER_SUITE=trixie
PIN_ORT_HEADER_VERSION=1.21.0+dfsg-1

PIN_MODELS_PACKAGE=faceplugin-face-recognition-js
PIN_MODELS_VERSION=0.0.1
PIN_MODELS_INTEGRITY=sha512-shriXjd4zJHEwhK1jHK+bWo8Vv6Vu9B/w6RRsd4AFtNM/jaI2vhuOamOSMl9qQmLd8WlQ7dgqN+3C2iOi5pXWw==
PIN_MODELS="fr_detect fr_landmark fr_feature fr_eye fr_liveness"

PIN_NODE_MIN=20.19.0
PIN_NODE_VERSION=22.23.3
PIN_NODE_INTEGRITY_X64=sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==
PIN_NODE_INTEGRITY_ARM64=sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==

PIN_NPM_MIN_MAJOR=11
PIN_NPM_VERSION=11.19.1
PIN_NPM_INTEGRITY=sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==

PIN_PGVECTOR_SUITE=trixie
