package io.datasetexport.pipeline;

/** Is told what exports do while they do it, from several threads. */
public interface Progress {

    Progress NOBODY = new Progress() {
        @Override
        public void assembled(long items, long annotations) {}

        @Override
        public void sent(long bytes) {}
    };

    /** Some items with their annotations are part of an archive now. */
    void assembled(long items, long annotations);

    /** Some bytes of an archive were taken by the client's connection. */
    void sent(long bytes);
}
