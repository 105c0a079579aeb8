package io.claviger.imports.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects rows and writes many of them at once. */
public final class RowBatch<T> {
  private static final int SIZE = 2_000;

  private final List<T> rows = new ArrayList<>();
  private final Consumer<List<T>> write;

  public RowBatch(Consumer<List<T>> write) {
    this.write = write;
  }

  public void add(T row) {
    rows.add(row);
    if (rows.size() == SIZE) {
      flush();
    }
  }

  public void flush() {
    if (!rows.isEmpty()) {
      write.accept(List.copyOf(rows));
      rows.clear();
    }
  }
}
