package io.datasetexport.format;

/** A number that runs through a whole archive from 0, such as COCO's image ids. Each instance is its own sequence. */
public final class RunningNumber {}
