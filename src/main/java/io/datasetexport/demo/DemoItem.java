package io.datasetexport.demo;

import java.io.IOException;
import java.io.OutputStream;

/** One item of the demo dataset. Nothing is kept: each call draws anew and gives the same bytes again. */
public sealed interface DemoItem permits DrawnPicture, DrawnClip {

    /** 24 hexadecimal digits, unique in the dataset. */
    String id();

    /** The absolute path in the dataset. */
    String filename();

    /** The item with its annotations in the platform's JSON: one line of UTF-8, without the line's end. */
    byte[] json();

    boolean hasFile();

    /** Writes the item's file; the stream stays open. Fails when there {@linkplain #hasFile is none}. */
    void writeFile(OutputStream out) throws IOException;
}
