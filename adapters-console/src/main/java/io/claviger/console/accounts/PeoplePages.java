package io.claviger.console.accounts;

import io.claviger.application.accounts.AccountOverview;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.Users.CreatedUser;
import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.accounts.port.AccountOverviewStore.AccountFilter;
import io.claviger.application.accounts.port.AccountOverviewStore.ListedAccount;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.SearchText;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.SignInAgain;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists people and service accounts, and adds new ones. */
public final class PeoplePages implements ConsolePage {
  private static final String PATH = "/console/people";

  /**
   * The address of the page on which an account is added. This path is not below the path of the
   * list, because every name below the list's path is a handle.
   */
  private static final String ADDING = "/console/new-person";

  private static final String ADMINISTRATORS = "administrators";
  private static final String SERVICE_ACCOUNTS = "service-accounts";

  private static final Set<String> FIELDS = FieldInputs.names(User.FIELDS, "handle", "kind");

  private final Users users;
  private final AccountOverview overview;
  private final Views views;

  public PeoplePages(Users users, AccountOverview overview, Views views) {
    this.users = users;
    this.overview = overview;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
    visitors.addPage(routes, ADDING, this::ask, this::add);
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Optional<SearchText> text = Paging.searched(visit);
    String only = visit.query("only").orElse("");
    AccountFilter filter =
        new AccountFilter(
            text,
            only.equals(ADMINISTRATORS) ? Optional.of(true) : Optional.empty(),
            only.equals(SERVICE_ACCOUNTS) ? Optional.of(UserKind.SERVICE) : Optional.empty());
    Page<ListedAccount, Handle> page =
        Problems.valueOf(overview.list(actor, filter, Paging.asked(visit, CursorFormat.HANDLE)));
    int count = Problems.valueOf(users.count(actor, text));
    String search = Paging.typed(visit);
    String shown = filter.isNarrow() ? only : "";
    views.show(
        visit,
        Area.PEOPLE,
        "People",
        "people",
        new PeopleView(
            page.items().stream().map(OverviewLine::of).toList(),
            search,
            shown,
            Numbers.counted(count, "account", "accounts"),
            Paging.next(
                page,
                CursorFormat.HANDLE,
                Links.to(PATH).with(Paging.SEARCH, search).with("only", shown))));
  }

  private void ask(Visit visit) {
    // A viewer who may not list people may not add people either.
    Problems.throwIfRefused(
        users.list(visit.signedIn().actor(), new PageRequest<>(Optional.empty(), 1)));
    show(visit, 200, FormState.of(Map.of("kind", "person")));
  }

  private void add(Visit visit) {
    Submission.answer(
        visit,
        FIELDS,
        form -> {
          CreatedUser added =
              Problems.valueOf(
                  users.create(visit.signedIn().actor(), visit.signedIn().session(), wanted(form)));
          views.show(
              visit,
              201,
              Area.PEOPLE,
              "Added " + added.user().handle(),
              "addedPerson",
              new AddedPersonView(PersonLine.of(added.user()), added.accessToken().reveal()));
        },
        (problem, sent) ->
            show(visit, problem.status(), SignInAgain.offered(problem, sent.with(problem))));
  }

  private static NewUser wanted(Form form) {
    Fields fields = new Fields(form);
    Optional<Handle> handle =
        fields.required(
            "handle",
            "Give the new account a handle. Others find the account by its handle.",
            Handle::new);
    UserKind kind = fields.optional("kind", UserKind::of).orElse(UserKind.PERSON);
    // All fields are read, even those that an account of this kind can't have, so that the use case
    // can refuse values in such fields.
    FieldWrites writes = FieldInputs.read(fields, User.FIELDS);
    return fields.check(() -> new NewUser(handle.orElseThrow(), kind, writes));
  }

  private void show(Visit visit, int status, FormState form) {
    views.show(visit, status, Area.PEOPLE, "Add somebody", "newPerson", new NewPersonView(form));
  }

  /**
   * An account that was just added, as the page shows it.
   *
   * @param token the first access token of the account; only this page shows it
   */
  public record AddedPersonView(PersonLine person, String token) {
    @Override
    public String toString() {
      return "AddedPersonView[" + person.handle() + "]";
    }
  }

  /**
   * One person or service account in the list.
   *
   * @param administratorSince the time since which the person has been an administrator (ISO 8601,
   *     like {@code lastUsedAt}); null if the person is not an administrator, or if the time is
   *     unknown
   * @param lastUsedAt when the account was last used; null if it is not known
   */
  public record OverviewLine(
      PersonLine person,
      @Nullable String administratorSince,
      @Nullable String lastUsedAt,
      List<TrustLine> trusts) {
    public OverviewLine {
      trusts = List.copyOf(trusts);
    }

    static OverviewLine of(ListedAccount account) {
      return new OverviewLine(
          PersonLine.of(account.user()),
          account.administratorSince().map(Object::toString).orElse(null),
          account.lastUsedAt().map(Object::toString).orElse(null),
          account.trusts().stream()
              .map(
                  trust ->
                      new TrustLine(
                          trust.name().value(),
                          trust.lastUsedAt().map(Object::toString).orElse(null)))
              .toList());
    }
  }

  /**
   * A trust of a service account, as the list shows it.
   *
   * @param lastUsedAt when the trust was last used (ISO 8601); null if the time is unknown
   */
  public record TrustLine(String name, @Nullable String lastUsedAt) {}

  /** The page on which an account is added. */
  public record NewPersonView(FormState form) {}

  /**
   * The list of people.
   *
   * @param search the search text; empty if there was no search
   * @param only the kind of accounts to which the list is limited, {@code administrators} or {@code
   *     service-accounts}; empty if all are listed
   * @param count the number of entries on all pages of the list, in words
   * @param next the address of the next page; null on the last page
   */
  public record PeopleView(
      List<OverviewLine> people, String search, String only, String count, @Nullable String next) {
    public PeopleView {
      people = List.copyOf(people);
    }
  }
}
