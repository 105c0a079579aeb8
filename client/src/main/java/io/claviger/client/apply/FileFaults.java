package io.claviger.client.apply;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.TerminalText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All that is wrong with a file, so that people mend it once. */
final class FileFaults {
  /** The most faults that are told at once. */
  private static final int MOST_TOLD = 50;

  private final String file;
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param file its name, as it was given
   */
  FileFaults(String file) {
    this.file = file;
  }

  private record Fault(SourcePosition position, String message) {}

  void add(SourcePosition position, String message) {
    faults.add(new Fault(position, TerminalText.line(message)));
  }

  /**
   * Ends the command if there is a fault.
   *
   * @throws ClientFault that tells all of them, by their positions
   */
  void demandNone() {
    if (faults.isEmpty()) {
      return;
    }
    List<String> lines =
        faults.stream()
            .sorted(Comparator.comparing(Fault::position))
            .distinct()
            .limit(MOST_TOLD)
            .map(fault -> "%s:%s: %s".formatted(file, fault.position(), fault.message()))
            .toList();
    String count = faults.size() == 1 ? "a fault" : faults.size() + " faults";
    throw ClientFault.of(
        "%s has %s; nothing was changed".formatted(file, count), lines.toArray(String[]::new));
  }
}
