package io.datasetexport.catalog;

import java.util.List;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.ListCrudRepository;

interface DatasetRepository extends ListCrudRepository<DatasetEntity, Long> {

    List<DatasetEntity> findAllByKeyInOrderById(List<Long> keys);

    @NativeQuery("select exists (select from dataset where id = :id)")
    boolean isTaken(String id);

    @NativeQuery("select dataset_revision(:dataset)")
    long revision(long dataset);

    @NativeQuery("select count(*) from item where dataset_key = :dataset")
    long items(long dataset);

    @NativeQuery("select count(*) from item i join annotation a on a.item_key = i.key where i.dataset_key = :dataset")
    long annotations(long dataset);

    @NativeQuery("select count(*) from assigned_items(:dataset, :subject)")
    long assignedItems(long dataset, String subject);

    @NativeQuery("select count(*) from assigned_items(:dataset, :subject) assigned join annotation a on a.item_key = assigned")
    long assignedAnnotations(long dataset, String subject);
}
