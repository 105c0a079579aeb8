package io.claviger.client.apply;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects all faults of a file, so that people can correct all of them together. A file with too
 * many faults is not read to its end.
 */
final class FileFaults {
  /** The maximum number of faults in one message. */
  private static final int MOST_SHOWN = 100;

  private final String file;
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param file the file's name as the user typed it
   */
  FileFaults(String file) {
    this.file = file;
  }

  private record Fault(SourcePosition position, String message) {}

  /**
   * Notes a fault.
   *
   * @throws ClientFault with the faults found so far, if there are {@link #MOST_SHOWN} already
   */
  void add(SourcePosition position, String message) {
    if (faults.size() == MOST_SHOWN) {
      throw fault("more than %d faults, of which these are the first".formatted(MOST_SHOWN));
    }
    faults.add(new Fault(position, TerminalText.line(message)));
  }

  /**
   * Ends the command if there are faults.
   *
   * @throws ClientFault if there is at least one fault; the message lists the faults by their
   *     positions
   */
  void demandNone() {
    if (faults.isEmpty()) {
      return;
    }
    throw fault(faults.size() == 1 ? "a fault" : faults.size() + " faults");
  }

  private ClientFault fault(String count) {
    List<String> lines =
        faults.stream()
            .sorted(Comparator.comparing(Fault::position))
            .distinct()
            .map(fault -> "%s:%s: %s".formatted(file, fault.position(), fault.message()))
            .toList();
    return ClientFault.of(
        "%s has %s; nothing was changed".formatted(file, count), lines.toArray(String[]::new));
  }
}
