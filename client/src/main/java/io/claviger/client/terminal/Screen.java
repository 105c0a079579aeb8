package io.claviger.client.terminal;

import java.util.List;

/**
 * A terminal that a command has for itself. The command draws the whole terminal, and gets each key
 * as soon as it is typed.
 */
public interface Screen extends AutoCloseable {
  int columns();

  int rows();

  /** Shows only these lines. Lines beyond the last row are left out. */
  void draw(List<String> lines);

  /**
   * Waits for a key, for a tenth of a second at most.
   *
   * @return the character; -1 if none was typed
   */
  int key();

  /** Whether somebody could still type something. */
  boolean isOpen();

  /** Gives the terminal back, and restores its former content. */
  @Override
  void close();
}
