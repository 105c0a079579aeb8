package io.claviger.client.terminal;

import java.util.List;

/**
 * A terminal that belongs to a command alone, as long as the command runs. The command draws the
 * whole terminal, and receives each key as soon as it is typed.
 */
public interface Screen extends AutoCloseable {
  int columns();

  int rows();

  /**
   * Fills the screen with these lines, and removes all other text. Lines for which the terminal has
   * no row are not shown.
   */
  void draw(List<String> lines);

  /**
   * Waits for a key, but at most for a tenth of a second.
   *
   * @return the character of the key; -1 if no key was typed
   */
  int key();

  /** Whether it is still possible that somebody types something. */
  boolean isOpen();

  /** Gives up the terminal, and restores its former content. */
  @Override
  void close();
}
