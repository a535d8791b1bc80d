package io.datasetexport.export;

import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.coco.CocoWriter;
import io.datasetexport.format.dataloop.DataloopWriter;
import io.datasetexport.format.masks.MasksWriter;
import io.datasetexport.format.voc.VocWriter;
import io.datasetexport.format.yolo.YoloWriter;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.problem.ProblemType;
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

    /** The writers of a request, in the order of the archive. */
    public List<FormatWriter> of(ExportRequest request, DatasetFacts dataset) {
        List<FormatWriter> writers = new ArrayList<>();
        request.include().forEach(format -> writers.add(switch (format) {
            case JSON -> new DataloopWriter(dataset, settings.baseUrl());
            case COCO -> new CocoWriter(dataset);
            case MASKS -> new MasksWriter(dataset.labels(), request.options().maskPolygons(), rasters);
            case YOLO -> new YoloWriter(dataset);
            case VOC -> new VocWriter();
            case ITEMS ->
                throw new RequestRefused(ProblemType.NOT_AVAILABLE, "This version can't export " + format.id() + ".", "/include");
        }));
        return writers;
    }
}
