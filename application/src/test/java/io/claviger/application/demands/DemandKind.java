package io.claviger.application.demands;

/** What callers do with a service. */
public enum DemandKind {
  /**
   * People who ask, read the answer and ask again: growing conversations, pauses, outputs of very
   * different lengths.
   */
  CHAT,
  /**
   * Programs that work on a task for an hour: one call after the other, a context that grows and is
   * cached, now and then a whole file.
   */
  AGENTS,
  /**
   * Programs that turn many texts into vectors, several calls at a time, in bursts. There is no
   * output.
   */
  EMBEDDINGS,
  /** Programs that work through a list of similar requests, many at a time, mostly at night. */
  BATCHES
}
