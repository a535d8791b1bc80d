package io.datasetexport.format.masks;

import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.Reason;
import io.datasetexport.format.RunningNumber;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Storage;
import io.datasetexport.text.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps what a masks writer says. */
final class Recorded implements FormatOutput {

    final Map<String, byte[]> pictures = new TreeMap<>();
    final Map<String, String> texts = new TreeMap<>();
    final List<String> leftOut = new ArrayList<>();
    final List<String> changed = new ArrayList<>();
    int items;
    int annotations;

    @Override
    public Utf8Buffer scratch() {
        return new Utf8Buffer();
    }

    @Override
    public void entry(String path, Utf8Buffer body) {
        texts.put(path, new String(body.array(), 0, body.length(), StandardCharsets.UTF_8));
    }

    @Override
    public void stored(String path, byte[] content) {
        if (pictures.put(path, content) != null) {
            throw new IllegalStateException(path + " twice");
        }
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
        leftOut.add(item.filename() + " " + (annotation == null ? "whole" : annotation.idText()) + " " + reason.id());
    }

    @Override
    public void entry(String path, Utf8Buffer body, ItemSlice slice) {
        throw new UnsupportedOperationException(path);
    }

    @Override
    public void file(String path, Storage.Own file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void heldBy(LongEntry entry) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Utf8Buffer element(LongEntry.Section section) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int next(RunningNumber sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void number(RunningNumber sequence, int ticket) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changed(Reason reason, Item item, int count) {
        changed.add(item.filename() + " " + reason.id() + " " + count);
    }
}
