package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.model.SafeNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EntryNamesIT {

    private static final String NAMES = "select filename, entry_path, entry_stem, flat_name from item order by filename, id";

    private final TestDataset dataset = new TestDataset();

    @AfterEach
    void drop() {
        dataset.close();
    }

    @Test
    void givesTheLaterItemItsFullFileName() {
        dataset.lines(items("/a.png", "/a.jpg", "/a.tar.gz", "/a.tar"));

        assertThat(dataset.rows(NAMES)).containsExactly(
                "/a.jpg|a.jpg|a|a.jpg", "/a.png|a.png|a.png|a.png", "/a.tar|a.tar|a.tar~2|a.tar", "/a.tar.gz|a.tar.gz|a.tar|a.tar.gz");
    }

    @Test
    void numbersWhatFileSystemsTakeForTheSame() {
        dataset.lines(items("/x/a:b.jpg", "/x/a?b.jpg", "/X/A_B.JPG"));

        assertThat(dataset.rows(NAMES)).containsExactly(
                "/X/A_B.JPG|X/A_B.JPG|X/A_B|A_B.JPG",
                "/x/a:b.jpg|x/a_b.jpg~2|x/a_b.jpg|a_b (1).jpg",
                "/x/a?b.jpg|x/a_b.jpg~3|x/a_b.jpg~2|a_b (2).jpg");
    }

    @Test
    void numbersFilesWithoutTheirTree() {
        dataset.lines(items("/b/1.jpg", "/a/1.jpg", "/c/1.jpg", "/1 (1).jpg"));

        assertThat(dataset.rows("select filename, flat_name from item order by filename"))
                .containsExactly("/1 (1).jpg|1 (1).jpg", "/a/1.jpg|1.jpg", "/b/1.jpg|1 (2).jpg", "/c/1.jpg|1 (3).jpg");
    }

    @Test
    void keepsTheArchivesOwnFiles() {
        dataset.lines(items("/classes.jpg", "/Classes.png", "/data.jpg", "/x/classes.jpg"));

        assertThat(dataset.rows("select filename, entry_stem from item order by filename")).containsExactly(
                "/Classes.png|Classes.png", "/classes.jpg|classes.jpg", "/data.jpg|data", "/x/classes.jpg|x/classes");
    }

    @Test
    void neverChangesTheNameOfAnItemThatWasThere() {
        dataset.lines(items("/b.jpg"));
        dataset.lines(items("/a/b.jpg", "/B.jpg", "/b.jpg"));

        assertThat(dataset.rows(NAMES)).containsExactly(
                "/B.jpg|B.jpg~2|B.jpg|B (1).jpg", "/a/b.jpg|a/b.jpg|a/b|b (2).jpg", "/b.jpg|b.jpg|b|b.jpg");
    }

    @Test
    void doesNotDependOnTheOrderOfTheBody() {
        List<String> filenames = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            filenames.add("/" + random.nextInt(30) + "/" + (char) ('a' + random.nextInt(2)) + random.nextInt(20)
                    + (random.nextBoolean() ? ".jpg" : random.nextBoolean() ? ".JPG" : ".png") + (random.nextInt(4) == 0 ? ".jpg" : ""));
        }
        List<String> unique = new ArrayList<>(new HashSet<>(filenames));
        Collections.sort(unique);
        dataset.lines(items(unique.toArray(String[]::new)));
        List<String> sorted = dataset.rows(NAMES);
        dataset.execute("delete from item");
        Collections.shuffle(unique, random);
        dataset.lines(items(unique.toArray(String[]::new)));

        assertThat(dataset.rows(NAMES)).isEqualTo(sorted);
        assertUnique();
    }

    @Test
    void namesManyItemsOfOneNameInOneGo() {
        List<String> filenames = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            filenames.add("/d%05d/frame.jpg".formatted(i));
        }
        dataset.lines(items(filenames.toArray(String[]::new)));
        dataset.lines(items("/e/frame.jpg"));

        assertThat(dataset.one("select flat_name from item where filename = '/d00000/frame.jpg'")).isEqualTo("frame.jpg");
        assertThat(dataset.one("select flat_name from item where filename = '/d11999/frame.jpg'")).isEqualTo("frame (11999).jpg");
        assertThat(dataset.one("select flat_name from item where filename = '/e/frame.jpg'")).isEqualTo("frame (12000).jpg");
        assertUnique();
    }

    @Test
    void namesWhatAnotherBackEndWrote() throws SQLException {
        dataset.lines(items("/a.jpg"));
        dataset.execute("insert into item (dataset_key, id, filename, dir, name) select key, 'x' || n, '/' || case when n < 3 then 'A' else 'c' || n end"
                + " || '.jpg', '/', '' from dataset, generate_series(1, 2500) n");

        long named = new EntryNaming(dataset.database().dataSource()).nameAll();

        assertThat(named).isEqualTo(2500);
        assertThat(dataset.rows(NAMES).subList(0, 4)).containsExactly(
                "/A.jpg|A.jpg~2|A.jpg|A (1).jpg", "/A.jpg|A.jpg~3|A.jpg~2|A (2).jpg", "/a.jpg|a.jpg|a|a.jpg", "/c10.jpg|c10.jpg|c10|c10.jpg");
        assertThat(new EntryNaming(dataset.database().dataSource()).nameAll()).isZero();
        assertUnique();
    }

    @Test
    void leavesADatasetThatIsBusyForLater() throws SQLException {
        dataset.execute("insert into item (dataset_key, id, filename, dir, name) select key, 'x', '/x', '/', 'x' from dataset");
        try (var connection = dataset.database().connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("select from dataset for no key update");

            assertThat(new EntryNaming(dataset.database().dataSource()).nameAll()).isZero();
        }
        assertThat(new EntryNaming(dataset.database().dataSource()).nameAll()).isEqualTo(1);
    }

    private void assertUnique() {
        Set<String> entries = new HashSet<>();
        for (String row : dataset.rows("select entry_path, entry_stem, flat_name from item")) {
            String[] names = row.split("\\|");
            for (String entry : List.of(
                    "json/" + names[0] + ".json", "masks/" + names[0] + ".png", "yolo/" + names[1] + ".txt", "items/" + names[2])) {
                assertThat(entries.add(SafeNames.key(entry))).as(entry).isTrue();
            }
        }
        assertThat(dataset.one("select count(*) from item where entry_path is null or entry_stem is null or flat_name is null")).isEqualTo("0");
    }

    private static String items(String... filenames) {
        StringBuilder lines = new StringBuilder();
        for (String filename : filenames) {
            lines.append("{\"filename\":\"").append(filename).append("\"}\n");
        }
        return lines.toString();
    }
}
