package io.datasetexport.model;

/**
 * The names that an item's entries have in every archive: safe on every file system and unique in the dataset.
 *
 * @param path the item's place in the tree without a leading {@code /}, for example {@code street/a.jpg}
 * @param stem {@code path} without its extension, for formats with one text file an item; the full file name where two would meet
 * @param flat the file's name where the tree is left out
 */
public record EntryNames(String path, String stem, String flat) {}
