package io.claviger.console.instances;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.SearchText;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.sharing.LoanSentence;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of the users and groups who hold a share of a service, in the order of their names.
 *
 * @param count the number of holders on all pages, in words
 * @param search the search text; empty if there was no search
 * @param onePage whether this page shows all holders, and therefore needs no search
 * @param next the address of the next page; null on the last page
 */
public record Holders(
    List<Holder> shown, String count, String search, boolean onePage, @Nullable String next) {
  public Holders {
    shown = List.copyOf(shown);
  }

  /** Returns the holders that the page's address requests, if the viewer may see them. */
  static Holders asked(Sharing sharing, Visit visit, Instance.Ref service) {
    Actor actor = visit.signedIn().actor();
    Optional<SearchText> text = Paging.searched(visit);
    Page<Share, GranteeName> page =
        Problems.valueOf(
            sharing.list(actor, service, text, Paging.asked(visit, CursorFormat.GRANTEE)));
    int count = Problems.valueOf(sharing.count(actor, service, text));
    String search = Paging.typed(visit);
    Links here = Links.to(ServicePeoplePage.pathOf(service)).with(Paging.SEARCH, search);
    return new Holders(
        page.items().stream().map(Holders::holder).toList(),
        Numbers.counted(count, "holder", "holders"),
        search,
        search.isEmpty() && Paging.isOnePage(count),
        Paging.next(page, CursorFormat.GRANTEE, here));
  }

  private static String limits(Share.Terms terms) {
    String each = LimitWords.stored(terms.limits());
    String together = String.join(", ", LimitWords.of(terms.pooledLimits()));
    return together.isEmpty()
        ? each
        : each + (each.isEmpty() ? "" : "; ") + "all together " + together;
  }

  private static List<String> further(Share share) {
    List<String> phrases = new ArrayList<>();
    if (!share.terms().weight().equals(Weight.USUAL)) {
      phrases.add("weight " + share.terms().weight().value());
    }
    phrases.addAll(LoanSentence.passedOn(share.terms()));
    share.appliedBy().ifPresent(file -> phrases.add("applied by " + file.value()));
    return phrases;
  }

  private static Holder holder(Share share) {
    return new Holder(
        share.grantee().name().toString(),
        share.terms().role().wireName(),
        limits(share.terms()),
        further(share),
        share.terms().expiresAt().map(Object::toString).orElse(null),
        share.givenBy().map(Object::toString).orElse("–"),
        share.version());
  }

  /**
   * Somebody who has a share of the service, as a list shows them.
   *
   * @param name the handle of a user, or the handle of a group with its {@code @}
   * @param limits the limits of the share, in words; empty if it has none
   * @param further the other terms of the share, each as a phrase
   * @param until the end of the share (ISO 8601); null if it has no end
   * @param version the version that the share had when the page was shown
   */
  public record Holder(
      String name,
      String role,
      String limits,
      List<String> further,
      @Nullable String until,
      String givenBy,
      long version) {
    public Holder {
      further = List.copyOf(further);
    }

    public String nameInQuery() {
      return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
  }
}
