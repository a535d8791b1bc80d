package io.datasetexport.model;

/**
 * The size of a stored picture, before its EXIF rotation.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record ImageSize(int width, int height) {}
