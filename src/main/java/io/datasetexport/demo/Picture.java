package io.datasetexport.demo;

import java.util.function.Supplier;

/**
 * A picture and how it came to be.
 *
 * @param number from 1, unique in the dataset
 * @param orientation of the stored pixels, in the words of EXIF
 * @param description free text; empty for none
 */
record Picture(int number, String filename, Supplier<Scene> scenes, Review review, int orientation, String description) {

    /** What the annotators did with it. */
    enum Review { DONE, WAITING, DISCARDED }

    /** EXIF orientation: the stored picture is the shown one. */
    static final int UPRIGHT = 1;

    /** EXIF orientation: the stored picture is turned clockwise by a quarter to be shown. */
    static final int TURNED_RIGHT = 6;

    /** Draws the scene; one that nobody annotated has no marks. */
    Scene scene() {
        return review == Review.DONE ? scenes.get() : scenes.get().unmarked();
    }
}
