package io.claviger.client.terminal;

import java.util.List;

/** A terminal that a command has for itself: it draws all of it, and gets each key at once. */
public interface Screen extends AutoCloseable {
  int columns();

  int rows();

  /** Shows these lines, and nothing else. Lines beyond the last row are left out. */
  void draw(List<String> lines);

  /**
   * Waits for a key, a tenth of a second at most.
   *
   * @return the character; -1 if none was typed
   */
  int key();

  /** Whether somebody could still type something. */
  boolean isOpen();

  /** Shows again what was shown before. */
  @Override
  void close();
}
