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
   * Shows these lines, and removes all other text from the screen. If there are more lines than
   * rows, the last lines are not shown.
   */
  void draw(List<String> lines);

  /**
   * Waits for a key, for at most a tenth of a second.
   *
   * @return the character of the key; -1 if no key was pressed
   */
  int key();

  /** Whether the user can still type something; false as soon as the input has ended. */
  boolean isOpen();

  /** Ends the command's use of the terminal, and restores the terminal's former content. */
  @Override
  void close();
}
