package io.datasetexport.demo;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Paint;

/** The time of day: it colours the sky and tints everything below it. */
enum Light {
    DAY("scene.day", 0xA9D6E5, 0xF3EFE0, 0xFFFFFF, 0.0),
    DUSK("scene.dusk", 0x7B6D9C, 0xF7B58A, 0xC9655B, 0.22),
    NIGHT("scene.night", 0x141D3B, 0x3A4A7A, 0x16204A, 0.46);

    /** The colour of windows that are lit from inside when it gets dark. */
    static final Color WINDOW = new Color(0xCFE6EC);

    /** The colour of lamps, in any light. */
    static final Color LAMP = new Color(0xFFF1B8);

    private final String label;
    private final Color top;
    private final Color bottom;
    private final Color tint;
    private final double strength;

    Light(String label, int top, int bottom, int tint, double strength) {
        this.label = label;
        this.top = new Color(top);
        this.bottom = new Color(bottom);
        this.tint = new Color(tint);
        this.strength = strength;
    }

    /** The label of a picture taken in this light. */
    String label() {
        return label;
    }

    boolean lampsAreLit() {
        return this != DAY;
    }

    Color on(Color color) {
        if (color.equals(LAMP)) {
            return color;
        }
        if (color.equals(WINDOW) && lampsAreLit()) {
            return new Color(0xF9D48F);
        }
        return mix(color, tint, strength);
    }

    Color on(int rgb) {
        return on(new Color(rgb));
    }

    Sketch on(Sketch sketch) {
        return sketch.recoloured(this::on);
    }

    Paint sky(double horizon) {
        return new GradientPaint(0, 0, top, 0, (float) horizon, bottom);
    }

    /** Hills and houses at a distance fade into the sky: 0 is near, 1 is sky. */
    Color far(int rgb, double distance) {
        return mix(on(rgb), bottom, distance);
    }

    Paint water(double from, double to) {
        return new GradientPaint(0, (float) from, mix(on(0x8CC9CF), bottom, 0.35), 0, (float) to, on(0x2F7F93));
    }

    /** A colour between two; keeps the alpha of the first. */
    static Color mix(Color from, Color to, double share) {
        return new Color(
                (int) Math.round(from.getRed() + (to.getRed() - from.getRed()) * share),
                (int) Math.round(from.getGreen() + (to.getGreen() - from.getGreen()) * share),
                (int) Math.round(from.getBlue() + (to.getBlue() - from.getBlue()) * share),
                from.getAlpha());
    }

    static Color darker(Color color, double share) {
        return mix(color, new Color(0x1F2A44), share);
    }

    static Color lighter(Color color, double share) {
        return mix(color, Color.WHITE, share);
    }

    /** A colour that lets what is below shine through; {@code share} of 0.5 or less covers nothing, see {@link Scene#owners}. */
    static Color sheer(int rgb, double share) {
        return new Color(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, (int) (share * 255));
    }
}
