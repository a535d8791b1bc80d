package io.datasetexport.export;

import io.datasetexport.export.ExportRequest.CocoPolygons;
import io.datasetexport.export.ExportRequest.Flatten;
import io.datasetexport.export.ExportRequest.JsonLayout;
import io.datasetexport.export.ExportRequest.YoloTask;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.coco.CocoWriter;
import io.datasetexport.format.dataloop.DataloopLinesWriter;
import io.datasetexport.format.dataloop.DataloopWriter;
import io.datasetexport.format.items.ItemFilesWriter;
import io.datasetexport.format.masks.MasksWriter;
import io.datasetexport.format.voc.VocWriter;
import io.datasetexport.format.yolo.YoloWriter;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.raster.RasterBudget;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which writer makes which format: the one place, beside the format's own folder, that knows a new one. */
@Component
public class ExportWriters {

    private final ExportSettings settings;
    private final RasterBudget rasters;

    public ExportWriters(ExportSettings settings, RasterBudget rasters) {
        this.settings = settings;
        this.rasters = rasters;
    }

    /**
     * The writers of a request, in the order of the archive.
     *
     * @throws RequestRefused when the class numbers that it asks for do not fit the dataset's labels
     */
    public List<FormatWriter> of(ExportRequest request, DatasetFacts dataset) {
        ExportRequest.Options options = request.options();
        DatasetFacts classes = ClassLabels.numbered(dataset, options.classes());
        List<FormatWriter> writers = new ArrayList<>();
        request.include().forEach(format -> writers.add(switch (format) {
            case JSON -> options.jsonLayout() == JsonLayout.LINES ? new DataloopLinesWriter(json(dataset)) : json(dataset);
            case COCO -> new CocoWriter(classes, options.cocoPolygons() == CocoPolygons.RLE, options.cocoKeypoints(), rasters);
            case MASKS -> new MasksWriter(classes.labels(), options.maskPolygons(), rasters);
            case YOLO -> new YoloWriter(classes, options.yoloTask() == YoloTask.SEGMENT, options.yoloVideo(), rasters);
            case VOC -> new VocWriter();
            case ITEMS -> new ItemFilesWriter(options.flatten() == Flatten.NONE);
        }));
        return writers;
    }

    private DataloopWriter json(DatasetFacts dataset) {
        return new DataloopWriter(dataset, settings.baseUrl());
    }
}
