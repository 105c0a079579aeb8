package io.claviger.imports.dhamps.rules;

import io.claviger.imports.dhamps.rules.SourceContent.OldLink;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order in which the services to which a project is linked are tried. */
public final class LinkOrder {
  private static final Comparator<OldLink> ORDER =
      Comparator.<OldLink, Instant>comparing(link -> link.at().orElse(Instant.MAX))
          .thenComparingLong(OldLink::service);

  private LinkOrder() {}

  /**
   * Orders links by the time when they were created; links of the same time are ordered by the id
   * of the service.
   */
  public static List<OldLink> inOrder(Collection<OldLink> links) {
    return links.stream().sorted(ORDER).toList();
  }
}
