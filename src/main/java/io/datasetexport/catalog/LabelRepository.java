package io.datasetexport.catalog;

import java.util.List;
import org.springframework.data.repository.ListCrudRepository;

interface LabelRepository extends ListCrudRepository<LabelEntity, LabelEntity.Id> {

    List<LabelEntity> findAllByIdDatasetKeyOrderByIdNumber(long datasetKey);
}
