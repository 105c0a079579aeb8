package io.claviger.client.apply;

/**
 * A position in a file.
 *
 * @param line the line's number, starting from 1
 * @param column the position of the character in its line, starting from 1
 */
record SourcePosition(int line, int column) implements Comparable<SourcePosition> {
  /** The position that is stated for faults that concern the whole file. */
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
