package io.claviger.console.instances;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.instances.ServicePage.ServiceView;
import io.claviger.console.limits.LimitWords;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.problems.Problems;
import java.util.List;
import java.util.Optional;

/** Finds who has a share of a service. */
final class Holders {
  private Holders() {}

  /** Returns the first shares by name, for somebody who may see them. */
  static List<ServiceView.Holder> of(Sharing sharing, Actor actor, Instance.Ref service) {
    return Problems.valueOf(
            sharing.list(
                actor,
                service,
                new PageRequest<GranteeName>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .map(Holders::holder)
        .toList();
  }

  private static String limits(Share.Terms terms) {
    String each = String.join(", ", LimitWords.of(terms.limits()));
    String together = String.join(", ", LimitWords.of(terms.pooledLimits()));
    return together.isEmpty()
        ? each
        : each + (each.isEmpty() ? "" : "; ") + "all together " + together;
  }

  private static ServiceView.Holder holder(Share share) {
    return new ServiceView.Holder(
        share.grantee().name().toString(),
        ServiceLine.name(share.terms().role()),
        limits(share.terms()),
        share.terms().expiresAt().map(Object::toString).orElse(null),
        share.givenBy().map(Object::toString).orElse("–"));
  }
}
