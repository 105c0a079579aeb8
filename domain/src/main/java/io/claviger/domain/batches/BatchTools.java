package io.claviger.domain.batches;

import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Those tools of the provider that the requests of a batch allow and that could cost a fee.
 *
 * @param firstLines for each kind of tool, the number of the first line with such a tool, from 1
 * @param firstUnknown the number of the first line with a tool of an unknown kind; 0 if no line has
 *     such a tool
 * @param areRead whether the requests were searched for tools. Requests that were not searched
 *     might contain any tools
 * @param uses for each tool and its requested qualities, the number of uses that the requests
 *     allow. The results of a batch state no qualities of tools
 */
public record BatchTools(
    Map<FeeKind, Integer> firstLines, int firstUnknown, boolean areRead, FeesUsed uses) {
  public static final BatchTools NONE = new BatchTools(Map.of(), 0, FeesUsed.NONE);

  /**
   * The tools of a file that an earlier version of Claviger read. That version did not look for
   * tools, so the tools are unknown.
   */
  public static final BatchTools UNREAD = new BatchTools(Map.of(), 0, false, FeesUsed.NONE);

  public BatchTools {
    Map<FeeKind, Integer> copy = new EnumMap<>(FeeKind.class);
    copy.putAll(firstLines);
    firstLines = Collections.unmodifiableMap(copy);
  }

  /** Collects the tools in the requests of a batch while the requests are being read. */
  public BatchTools(Map<FeeKind, Integer> firstLines, int firstUnknown, FeesUsed uses) {
    this(firstLines, firstUnknown, true, uses);
  }

  /** Adds the tools of a request. */
  BatchTools and(RequestedUse use, int line) {
    Set<FeeKind> tools = use.tools();
    if (tools.isEmpty()) {
      return this;
    }
    FeesUsed together = uses.plus(use.feesAtMost());
    if (tools.equals(FeeKind.OF_TOOLS)) {
      return new BatchTools(firstLines, firstUnknown > 0 ? firstUnknown : line, together);
    }
    Map<FeeKind, Integer> all = new EnumMap<>(FeeKind.class);
    tools.forEach(tool -> all.put(tool, line));
    all.putAll(firstLines);
    return new BatchTools(all, firstUnknown, together);
  }

  /**
   * Whether the requests were not searched for tools, so that they might use a tool for which the
   * price has no fee. If the requests were searched, or the price has the needed fees, the result
   * is false.
   *
   * @param isStrict see {@link RequestedFees#areUnknown}
   */
  boolean mayLackFee(Price price, boolean isStrict) {
    return !areRead && RequestedFees.areUnknown(FeeKind.OF_TOOLS, price, isStrict);
  }

  /**
   * Returns the first line with a tool for which a price has no fee; a budget in dollars refuses
   * such a line.
   *
   * @param isStrict see {@link RequestedFees#areUnknown}
   */
  OptionalInt firstWithoutFee(Price price, boolean isStrict) {
    IntStream known =
        firstLines.entrySet().stream()
            .filter(each -> RequestedFees.areUnknown(Set.of(each.getKey()), price, isStrict))
            .mapToInt(Map.Entry::getValue);
    IntStream unknown =
        firstUnknown > 0 && RequestedFees.areUnknown(FeeKind.OF_TOOLS, price, isStrict)
            ? IntStream.of(firstUnknown)
            : IntStream.empty();
    return IntStream.concat(known, unknown).min();
  }
}
