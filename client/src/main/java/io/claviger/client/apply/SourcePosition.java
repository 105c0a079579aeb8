package io.claviger.client.apply;

/**
 * A position in a file.
 *
 * @param line the line's number, starting from 1
 * @param column the character's number in the line, starting from 1
 */
record SourcePosition(int line, int column) implements Comparable<SourcePosition> {
  /** The position for faults of the whole file. */
  static final SourcePosition START = new SourcePosition(1, 1);

  @Override
  public int compareTo(SourcePosition other) {
    return line == other.line
        ? Integer.compare(column, other.column)
        : Integer.compare(line, other.line);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
