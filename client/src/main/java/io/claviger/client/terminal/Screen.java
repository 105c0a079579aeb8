package io.claviger.client.terminal;

import java.util.List;

/**
 * A terminal that belongs to one command while the command runs. The command draws the whole
 * terminal, and receives each key as soon as it is pressed.
 */
public interface Screen extends AutoCloseable {
  int columns();

  int rows();

  /**
   * Shows these lines, and removes all other text from the screen. Lines without a row on the
   * terminal are not shown.
   */
  void draw(List<String> lines);

  /**
   * Waits for a key, for at most a tenth of a second.
   *
   * @return the character of the key; -1 if no key was pressed
   */
  int key();

  /** Whether somebody may still type something. */
  boolean isOpen();

  /** Gives the terminal back, and restores its former content. */
  @Override
  void close();
}
