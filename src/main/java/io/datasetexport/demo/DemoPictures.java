package io.datasetexport.demo;

import static io.datasetexport.demo.Figure.Stance.BALANCING;
import static io.datasetexport.demo.Figure.Stance.CHEERING;
import static io.datasetexport.demo.Figure.Stance.REACHING;
import static io.datasetexport.demo.Figure.Stance.STANDING;
import static io.datasetexport.demo.Figure.Stance.STRIDING;
import static io.datasetexport.demo.Figure.Stance.WALKING;
import static io.datasetexport.demo.Figure.Stance.WAVING;
import static io.datasetexport.demo.KitchenTable.COFFEE;
import static io.datasetexport.demo.KitchenTable.TEA;
import static io.datasetexport.demo.Light.DAY;
import static io.datasetexport.demo.Light.DUSK;
import static io.datasetexport.demo.Light.NIGHT;
import static io.datasetexport.demo.Street.Traffic.BICYCLE;
import static io.datasetexport.demo.Street.Traffic.BUS;
import static io.datasetexport.demo.Street.Traffic.CAR;
import static io.datasetexport.demo.Street.Traffic.TRUCK;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Every picture of the demo dataset: its path, and what is on it. A scene is drawn when it is asked for, and again each time. */
final class DemoPictures {

    private final List<Picture> pictures = new ArrayList<>();

    private DemoPictures() {
        streets();
        park();
        harbour();
        kitchenTable();
        garden();
    }

    static List<Picture> all() {
        return List.copyOf(new DemoPictures().pictures);
    }

    private void add(String filename, Supplier<? extends Stage> stage) {
        add(filename, Picture.Review.DONE, Picture.UPRIGHT, "", () -> stage.get().scene());
    }

    private void add(String filename, Picture.Review review, int orientation, String description, Supplier<Scene> scene) {
        pictures.add(new Picture(pictures.size() + 1, filename, scene, review, orientation, description));
    }

    private void streets() {
        add("/street/school bus.jpg", () -> new Street(DAY, 11).trees(2).trafficLight(2).people(3).farLane(CAR).nearLane(BUS, CAR));
        add("/street/market day.jpg", () -> new Street(DAY, 12).trees(2).lamps(1).people(5).farLane(CAR, CAR).nearLane(BICYCLE, TRUCK, BICYCLE));
        add("/street/rush hour.jpg", () -> new Street(DAY, 13).lamps(2).trafficLight(0).people(4).farLane(CAR, CAR, CAR, CAR).nearLane(CAR, BUS, CAR));
        add("/street/quiet sunday.jpg", () -> new Street(DAY, 14).trees(4).people(2).farLane(BICYCLE).nearLane(CAR));
        add("/street/delivery.png", () -> new Street(DAY, 15).trees(1).lamps(2).people(3).farLane(CAR).nearLane(TRUCK, BICYCLE));
        add("/street/after work.jpg", () -> new Street(DUSK, 16).trees(2).lamps(2).people(4).farLane(CAR, CAR).nearLane(BUS, CAR));
        add("/street/night/last bus.jpg", () -> new Street(NIGHT, 21).trees(1).lamps(3).people(2).farLane(CAR).nearLane(BUS));
        add("/street/night/taxi.jpg", () -> new Street(NIGHT, 22).trees(2).lamps(2).trafficLight(2).people(1).nearLane(CAR, CAR));
        add("/street/night/delivery.png", () -> new Street(NIGHT, 23).trees(3).lamps(3).farLane(BICYCLE).nearLane(TRUCK));
        add("/street/night/lens cap.jpg", Picture.Review.DISCARDED, Picture.UPRIGHT, "Somebody left the cap on.", () -> Scene.dark(640, 460));
    }

    private void park() {
        add("/park/morning stretch.jpg", () -> new Park(DAY, false, 31)
                .path().trees(50, 150, 460, 560, 590).player(BALANCING, 190, 340).player(REACHING, 330, 410)
                .player(STRIDING, 500, 360));
        add("/park/ball game.jpg", () -> new Park(DAY, false, 32)
                .trees(48, 130, 260, 540, 592).bench(400, 280).player(CHEERING, 130, 380).player(STRIDING, 420, 390)
                .ball(320, 384, 14).dog(540, 330, true));
        add("/park/kites.jpg", () -> new Park(DAY, false, 33)
                .trees(48, 100, 590).path().player(WAVING, 280, 388).kite(440, 90).player(CHEERING, 130, 372)
                .player(STANDING, 520, 360));
        add("/park/pond.png", () -> new Park(DAY, false, 34)
                .trees(60, 140, 230, 470, 580).pond().bench(330, 290).walker(190, 330).walker(120, 340).dog(240, 410, false));
        add("/park/autumn/leaves.jpg", () -> new Park(DAY, true, 35).path().trees(60, 140, 230, 480, 580).walker(500, 330).dog(560, 350, false));
        add("/park/autumn/last light.jpg", () -> new Park(DUSK, true, 36).trees(50, 120, 520, 590).pond().bench(250, 300).player(CHEERING, 150, 390));
        add("/park/empty meadow.jpg", Picture.Review.WAITING, Picture.UPRIGHT, "", () -> new Park(DAY, false, 37).trees(90, 170, 560).scene());
    }

    private void harbour() {
        Supplier<Stage> regatta = () -> new Harbour(640, 420, DAY, 41)
                .lighthouse(90, 236, 0.9).gulls(4).sailing(250, 226, false).sailing(370, 236, true).sailing(510, 300, false)
                .sailing(190, 384, false)
                .motor(500, 394, true).buoy(350, 340, 8);
        add("/harbour/regatta.jpg", regatta);
        add("/harbour/regatta.png", Picture.Review.DONE, Picture.UPRIGHT, "The lossless original of regatta.jpg, for print.",
                () -> regatta.get().scene());
        add("/harbour/ferry.jpg", () -> new Harbour(640, 420, DAY, 42)
                .gulls(3).sailing(120, 220, false).motor(540, 250, true).ferry(300, 330, false).buoy(580, 380, -10));
        add("/harbour/quay.png", () -> new Harbour(640, 420, DAY, 46)
                .gulls(3).sailing(420, 240, false).motor(250, 345, false).quay(364).moored(120, 392, 202, 329)
                .lifeBuoy(540, 330, 28)
                .sailor(WAVING, 420, 412));
        add("/harbour/lighthouse.png", () -> new Harbour(420, 560, DUSK, 44).lighthouse(190, 380, 1.6).gulls(3).motor(320, 480, false).buoy(80, 490, 5));
        add("/harbour/night watch.jpg", () -> new Harbour(640, 420, NIGHT, 45)
                .moon(540, 70).lighthouse(120, 240, 1).sailing(330, 236, true).ferry(430, 350, true));
        add("/harbour/lessons.jpg", () -> new Harbour(640, 420, DAY, 47)
                .gulls(2).sailing(110, 240, true).sailing(250, 250, true).sailing(400, 244, true).motor(320, 330, true).quay(372)
                .lifeBuoy(90, 340, 24).lifeBuoy(560, 340, 24).sailor(STANDING, 470, 414).sailor(CHEERING, 200, 414));
        add("/harbour/phone/upright.jpg", Picture.Review.DONE, Picture.TURNED_RIGHT,
                "Held upright: stored lying, turned when shown.",
                () -> new Harbour(420, 560, DAY, 48)
                        .gulls(3).motor(130, 300, false).ferry(230, 400, true).motor(330, 500, true).buoy(90, 500, 0).scene()
                        .withoutOutlines());
    }

    private void kitchenTable() {
        add("/kitchen table/crêpes & coffee.jpg", () -> new KitchenTable(640, 480, 51)
                .cloth(60, 50, 520, 380, 0xE76F51).plate(320, 250, 98, 98, 0, 0x8FB8BF).crepe(290, 216, 88, 8).lemon(274, 290, 19)
                .fork(176, 250, -4).knife(466, 250, 5).cup(510, 122, COFFEE, -40).napkin(126, 140, -16, 0x2A9D8F));
        add("/kitchen table/doughnuts.jpg", () -> new KitchenTable(640, 480, 52)
                .plate(270, 260, 180, 124, -14, 0xE9A5A0).doughnut(174, 280, 48, 0xE58FA3).doughnut(270, 222, 48, 0x7A4A3A)
                .doughnut(364, 262, 46, 0xFBF0DC).cup(540, 120, TEA, 30).spoon(556, 300, 24));
        add("/kitchen table/Frühstück für zwei.png", () -> new KitchenTable(720, 480, 53)
                .cloth(40, 40, 640, 400, 0x5D79B5).plate(210, 270, 84, 84, 0, 0xE9C46A).plate(510, 270, 84, 84, 0, 0xE9C46A)
                .crepe(184, 240, 74, 12).crepe(484, 240, 74, 12).fork(96, 270, 0).knife(318, 270, 0).fork(402, 270, 0)
                .knife(624, 270, 0)
                .cup(300, 110, COFFEE, 20).cup(600, 110, TEA, 160).apple(140, 104, 30, 0xD9534F, 12).lemon(440, 104, 24));
        add("/kitchen table/apples.jpg", () -> new KitchenTable(560, 560, 54)
                .plate(280, 290, 190, 150, 18, 0x8AB17D).apple(200, 262, 44, 0xD9534F, 10).apple(300, 236, 42, 0x8AB17D, -20)
                .apple(256, 344, 46, 0xE9A23B, 32).apple(362, 322, 44, 0xC9453C, -8).knife(476, 120, 58));
        add("/kitchen table/after dinner.jpg", () -> new KitchenTable(640, 480, 55)
                .cloth(110, 20, 420, 440, 0x2A9D8F).plate(320, 240, 104, 104, 0, 0xE76F51).fork(300, 250, 62).knife(346, 236, 74)
                .napkin(190, 120, 22, 0xE9C46A).cup(470, 110, COFFEE, 70));
    }

    private void garden() {
        add("/日本庭園/桜.jpg", () -> new Garden(640, 420, DAY, 61)
                .disk(480, 84, 34).mountain(330, 260, 96).lake().bank(-1, 240, 300).bank(1, 170, 320).torii(400, 300, 0.7)
                .cherry(128, 352, 220)
                .carp(300, 360, 20).carp(380, 392, -30));
        add("/日本庭園/橋.png", () -> new Garden(640, 420, DAY, 62)
                .mountain(232, 220, 120).lake().bank(-1, 200, 320).bank(1, 200, 310).bridge(330, 340, 1.2).cherry(520, 372, 190)
                .lantern(80, 390, 1)
                .carp(300, 396, 10));
        add("/日本庭園/散歩.jpg", () -> new Garden(640, 420, DUSK, 64)
                .disk(150, 110, 38).mountain(400, 226, 112).lake().bank(-1, 190, 318).bank(1, 300, 304).torii(250, 290, 0.66)
                .cherry(500, 350, 200)
                .lantern(400, 396, 1).visitor(WALKING, 580, 400).carp(250, 370, -16));
        add("/日本庭園/鯉.jpg", () -> Garden.fromAbove(560, 420, 65)
                .lilyPad(90, 90, 54, 20).lilyPad(190, 60, 34, 140).lilyPad(470, 330, 62, 250).lilyPad(380, 372, 36, 60)
                .lilyPad(500, 120, 40, 180)
                .carp(250, 170, 24).carp(330, 240, -38).carp(170, 270, 160).carp(400, 150, 80).carp(260, 330, 10)
                .carp(100, 360, -60));
        add("/日本庭園/月夜 🌕.png", () -> new Garden(640, 420, NIGHT, 63)
                .disk(240, 96, 38).mountain(400, 226, 112).lake().bank(-1, 230, 300).torii(440, 310, 0.8).cherry(100, 330, 170)
                .lantern(70, 396, 1.1)
                .lantern(180, 404, 1.2));
    }
}
