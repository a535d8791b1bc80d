package io.datasetexport.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Storage;
import io.datasetexport.text.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps all that a writer says, as the archive would: entries in their order, long ones put together. */
public final class RecordingOutput implements FormatOutput {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Map<LongEntry.Section, Utf8Buffer> sections = new IdentityHashMap<>();
    private final Map<RunningNumber, Integer> numbers = new IdentityHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();
    private final Utf8Buffer scratch = new Utf8Buffer();
    private @Nullable Utf8Buffer element;
    private int items;
    private int annotations;

    /** What a writer makes of items, one whole item after the other. */
    public static RecordingOutput of(FormatWriter writer, GoldenCase source) {
        return of(writer, source.items().stream().map(item -> ItemSlice.whole(item.item(), item.annotations())).toList());
    }

    public static RecordingOutput of(FormatWriter writer, List<ItemSlice> slices) {
        RecordingOutput out = new RecordingOutput();
        slices.forEach(slice -> writer.item(slice, out));
        writer.end(out);
        writer.longEntries().forEach(out::join);
        return out;
    }

    /** The same with every item cut into slices of so many annotations, in the order that the writer wants. */
    public static RecordingOutput sliced(FormatWriter writer, GoldenCase source, int size) {
        RecordingOutput out = new RecordingOutput();
        for (GoldenCase.AnnotatedItem item : source.items()) {
            List<Annotation> annotations = writer.order() == AnnotationOrder.LABEL ? item.byLabel() : item.annotations();
            Object carry = null;
            for (int from = 0; from == 0 || from < annotations.size(); from += size) {
                int to = Math.min(annotations.size(), from + size);
                ItemSlice slice = ItemSlice.part(
                        item.item(), annotations.subList(from, to), from == 0, to == annotations.size(), carry);
                writer.item(slice, out);
                carry = slice.carry();
            }
        }
        writer.end(out);
        writer.longEntries().forEach(out::join);
        return out;
    }

    private void join(LongEntry entry) {
        Utf8Buffer all = new Utf8Buffer();
        for (LongEntry.Section section : entry.sections()) {
            all.append(section.head());
            Utf8Buffer content = sections.getOrDefault(section, new Utf8Buffer());
            all.append(content.array(), 0, content.length());
        }
        assertThat(entries.put(entry.path(), all.append(entry.tail()).toByteArray())).isNull();
    }

    /** Paths of the entries in the order in which they were begun. */
    public List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    public byte[] bytes(String path) {
        assertThat(entries).containsKey(path);
        return entries.get(path);
    }

    public String text(String path) {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    /** What was left out: {@code <reason> <item>} or {@code <reason> <item> <annotation>}. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** What was changed: {@code <reason> <item> <count>}. */
    public List<String> changed() {
        return changed;
    }

    public int items() {
        return items;
    }

    public int annotations() {
        return annotations;
    }

    @Override
    public Utf8Buffer scratch() {
        scratch.clear();
        return scratch;
    }

    @Override
    public void entry(String path, Utf8Buffer body, ItemSlice slice) {
        if (slice.whole() || !entries.containsKey(path)) {
            entry(path, body);
            return;
        }
        Utf8Buffer all = new Utf8Buffer();
        all.append(entries.get(path)).append(body.array(), 0, body.length());
        entries.put(path, all.toByteArray());
    }

    @Override
    public void entry(String path, Utf8Buffer body) {
        assertThat(entries.put(path, body.toByteArray())).as("second entry %s", path).isNull();
    }

    @Override
    public void stored(String path, byte[] content) {
        assertThat(entries.put(path, content.clone())).as("second entry %s", path).isNull();
    }

    @Override
    public void heldBy(LongEntry entry) {
        assertThat(entry.sections()).anySatisfy(section -> assertThat(sections).containsKey(section));
    }

    @Override
    public void file(String path, Storage.Own file) {
        assertThat(entries.put(path, file.key().getBytes(StandardCharsets.UTF_8))).as("second entry %s", path).isNull();
    }

    @Override
    public Utf8Buffer element(LongEntry.Section section) {
        Utf8Buffer content = sections.get(section);
        if (content == null) {
            content = new Utf8Buffer();
            sections.put(section, content);
        } else {
            content.append(section.separator());
        }
        element = content;
        return content;
    }

    @Override
    public int next(RunningNumber sequence) {
        return numbers.merge(sequence, 1, Integer::sum) - 1;
    }

    @Override
    public void number(RunningNumber sequence, int ticket) {
        assertThat(element).as("an element was started").isNotNull();
        element.append((long) ticket);
    }

    @Override
    public void countItem() {
        items++;
    }

    @Override
    public void countAnnotations(int count) {
        annotations += count;
    }

    @Override
    public void leftOut(Reason reason, Item item, @Nullable Annotation annotation) {
        leftOut.add(reason.id() + " " + item.id() + (annotation == null ? "" : " " + annotation.idText()));
    }

    @Override
    public void changed(Reason reason, Item item, int count) {
        changed.add(reason.id() + " " + item.id() + " " + count);
    }
}
