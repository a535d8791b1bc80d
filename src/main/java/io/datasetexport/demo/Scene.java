package io.datasetexport.demo;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;
import java.util.List;

/** A picture as a list of things, the farthest first. Sizes are those of the displayed picture, in pixels. */
record Scene(int width, int height, List<Thing> things) {

    /** The owner of a pixel that nothing covers. */
    static final int NOBODY = -1;

    /** From this alpha on, something covers a pixel: more than half of it, as readers of masks see it. */
    private static final int COVERED = 128;

    Scene {
        things = List.copyOf(things);
    }

    /** What a camera sees when its cap is on. */
    static Scene dark(int width, int height) {
        Paint dark = new GradientPaint(0, 0, new Color(0x17181D), width, height, new Color(0x0B0C10));
        return new Scene(width, height, List.of(Thing.decoration(new Sketch().fill(Shapes.rect(0, 0, width, height), dark))));
    }

    /** The same picture, without annotations. */
    Scene unmarked() {
        return new Scene(width, height, things.stream().map(Thing::unmarked).toList());
    }

    /** The same picture, without the annotations that only fit pixels as they are stored: masks and polygons. */
    Scene withoutOutlines() {
        return new Scene(width, height, things.stream()
                .map(thing -> thing.mark() instanceof Mark.Mask || thing.mark() instanceof Mark.Polygon
                        ? thing.unmarked() : thing)
                .toList());
    }

    BufferedImage paint() {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        things.forEach(thing -> thing.paint(graphics));
        graphics.dispose();
        return picture;
    }

    /** For each pixel, row by row, the index of the foremost thing that covers it; shadows and gleams cover nothing. */
    int[] owners() {
        int[] owners = new int[width * height];
        Arrays.fill(owners, NOBODY);
        var layer = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        int[] pixels = ((DataBufferInt) layer.getRaster().getDataBuffer()).getData();
        Graphics2D graphics = layer.createGraphics();
        for (int i = 0; i < things.size(); i++) {
            Thing thing = things.get(i);
            thing.paint(graphics);
            Rectangle touched = thing.sketch().bounds().getBounds();
            touched.grow(1, 1);
            touched = touched.intersection(new Rectangle(width, height));
            for (int y = touched.y; y < touched.y + touched.height; y++) {
                for (int at = y * width + touched.x; at < y * width + touched.x + touched.width; at++) {
                    if (pixels[at] >>> 24 >= COVERED) {
                        owners[at] = i;
                    }
                    pixels[at] = 0;
                }
            }
        }
        graphics.dispose();
        return owners;
    }

    /** A picture of the scene's size: {@code rgb} on the pixels of one owner, transparent elsewhere. */
    BufferedImage mask(int[] owners, int owner, int rgb) {
        var mask = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        int[] pixels = ((DataBufferInt) mask.getRaster().getDataBuffer()).getData();
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = owners[at] == owner ? 0xff000000 | rgb : 0;
        }
        return mask;
    }
}
