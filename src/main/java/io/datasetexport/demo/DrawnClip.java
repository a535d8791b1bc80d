package io.datasetexport.demo;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A film as an item: boats that move through the harbour for ten seconds. It has annotations, but no file.
 *
 * <p>An annotation says where its boat is when it comes into view; each snapshot says where it is from then on.
 */
record DrawnClip(int number, String filename) implements DemoItem {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final int FRAMES_PER_SECOND = 25;
    private static final int FRAMES = 250;

    /** A boat at its first frame and how far it moves in one; {@code hidden} is the frame where something hides it. */
    private record Voyage(String label, Sketch boat, double dx, double dy, int first, int last, int hidden) {

        Rectangle2D at(int frame) {
            return Shapes.snapOut(boat.at(dx * (frame - first), dy * (frame - first)).bounds());
        }
    }

    private static final int NEVER = FRAMES;

    private static List<Voyage> voyages() {
        Sketch ferry = Boats.ferry(new Color(0x33618A));
        Sketch motor = Boats.motor(new Color(0xE76F51));
        Sketch sailing = Boats.sailing(new Color(0x2A9D8F), new Color(0xF2B84B));
        return List.of(
                new Voyage("vehicle.boat.ferry", ferry.scaled(1.4).at(200, 380), 2.2, 0.1, 0, FRAMES - 1, NEVER),
                new Voyage("vehicle.boat.motor", motor.mirrored().at(880, 300), -4, 0.2, 50, FRAMES - 1, 150),
                new Voyage("vehicle.boat.sailing", sailing.scaled(0.8).at(520, 280), 0.4, 0, 0, 199, NEVER));
    }

    @Override
    public String id() {
        return new ItemJson(number).id();
    }

    @Override
    public boolean hasFile() {
        return false;
    }

    @Override
    public void writeFile(OutputStream out) throws IOException {
        throw new IOException("There is no file of " + filename);
    }

    @Override
    public byte[] json() {
        ItemJson json = new ItemJson(number);
        int objects = 0;
        for (Voyage voyage : voyages()) {
            Map<String, Object> system = span(voyage.first, voyage.last);
            system.put("objectId", String.valueOf(++objects));
            system.put("objectVisible", true);
            system.put("snapshots_", snapshots(voyage));
            json.annotation("box", voyage.label, List.of("under way"), system, Map.of())
                    .put("coordinates", DrawnPicture.corners(voyage.at(voyage.first)));
        }
        json.annotation("class", Light.DAY.label(), List.of(), span(0, FRAMES - 1), Map.of());
        return ItemJson.bytes(json.item(filename, "Three boats, ten seconds.", true, metadata(json)));
    }

    private static List<Map<String, Object>> snapshots(Voyage voyage) {
        List<Map<String, Object>> snapshots = new ArrayList<>();
        for (int frame = voyage.first + 25; frame <= voyage.last; frame += 25) {
            Map<String, Object> snapshot = new LinkedHashMap<>();
            snapshot.put("frame", frame);
            snapshot.put("fixed", frame % 50 == 0);
            snapshot.put("objectVisible", frame != voyage.hidden);
            snapshot.put("label", voyage.label);
            snapshot.put("data", DrawnPicture.corners(voyage.at(frame)));
            snapshot.put("attributes", List.of("under way"));
            snapshot.put("type", "box");
            snapshots.add(snapshot);
        }
        return snapshots;
    }

    private static Map<String, Object> span(int first, int last) {
        Map<String, Object> system = ItemJson.system(Map.of());
        system.put("frame", first);
        system.put("endFrame", last);
        system.put("startTime", (double) first / FRAMES_PER_SECOND);
        system.put("endTime", (double) last / FRAMES_PER_SECOND);
        return system;
    }

    private Map<String, Object> metadata(ItemJson json) {
        Map<String, Object> ffmpeg = new LinkedHashMap<>();
        ffmpeg.put("width", WIDTH);
        ffmpeg.put("height", HEIGHT);
        ffmpeg.put("nb_read_frames", String.valueOf(FRAMES));
        ffmpeg.put("r_frame_rate", FRAMES_PER_SECOND + "/1");
        Map<String, Object> system = new LinkedHashMap<>();
        system.put("originalname", filename.substring(filename.lastIndexOf('/') + 1));
        system.put("encoding", "7bit");
        system.put("taskStatusLog", List.of());
        system.put("mimetype", "video/mp4");
        system.put("refs", List.of());
        system.put("isBinary", true);
        system.put("height", HEIGHT);
        system.put("width", WIDTH);
        system.put("duration", (double) FRAMES / FRAMES_PER_SECOND);
        system.put("nb_frames", FRAMES);
        system.put("nb_streams", 1);
        system.put("fps", FRAMES_PER_SECOND);
        system.put("ffmpeg", ffmpeg);
        system.put("tags", json.split());
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("system", system);
        metadata.put("user", Map.of("place", "harbour"));
        metadata.put("fps", FRAMES_PER_SECOND);
        metadata.put("startTime", 0);
        return metadata;
    }
}
