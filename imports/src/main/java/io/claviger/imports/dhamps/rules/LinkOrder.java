package io.claviger.imports.dhamps.rules;

import io.claviger.imports.dhamps.rules.SourceContent.OldLink;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order in which a project's linked services are tried. */
public final class LinkOrder {
  private static final Comparator<OldLink> ORDER =
      Comparator.<OldLink, Instant>comparing(link -> link.at().orElse(Instant.MAX))
          .thenComparingLong(OldLink::service);

  private LinkOrder() {}

  /** Orders links by creation time, and links with the same time by the service's id. */
  public static List<OldLink> inOrder(Collection<OldLink> links) {
    return links.stream().sorted(ORDER).toList();
  }
}
