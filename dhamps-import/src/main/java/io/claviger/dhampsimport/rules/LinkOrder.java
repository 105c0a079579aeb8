package io.claviger.dhampsimport.rules;

import io.claviger.dhampsimport.rules.SourceContent.OldLink;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** In which order the services that are linked to one project come into question. */
public final class LinkOrder {
  private static final Comparator<OldLink> ORDER =
      Comparator.<OldLink, Instant>comparing(link -> link.at().orElse(Instant.MAX))
          .thenComparingLong(OldLink::service);

  private LinkOrder() {}

  /** By the time when they were linked, then by id. */
  public static List<OldLink> inOrder(Collection<OldLink> links) {
    return links.stream().sorted(ORDER).toList();
  }
}
