package io.claviger.console.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.KeyRejection;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferState;
import io.claviger.testkit.RecordCopy;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first page, and the offers that it leads to. */
class HomePageTest {
  private static final Pattern OFFER = Pattern.compile("/console/transfers/[0-9a-f-]{36}");
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void somebody_who_may_use_nothing_is_told_how_to_begin() {
    Person first = SERVED.person("newcomer");
    assertThat(ServedConsole.sound(first.open("/console")).body())
        .contains("You can't use any service yet.", "/console/services/register", "newcomer");
  }

  @Test
  void a_service_without_a_key_needs_its_owner_and_nobody_else() {
    Person owner = withService("hanna", "chat");
    Person reader = SERVED.person("hugo");
    share(owner, "hanna/chat", "hugo", Map.of("role", "reader"));
    assertThat(owner.open("/console").body()).contains("hanna/chat has no key");
    assertThat(reader.open("/console").body())
        .contains("hanna/chat")
        .doesNotContain("hanna/chat has no key");
  }

  @Test
  void a_leaked_token_is_told_to_its_owner_for_a_week_and_to_nobody_else() {
    String leaked = "Somebody reported that a token of yours leaked";
    Instant before = SERVED.ports().clock().instant();
    try {
      SERVED.ports().clock().set(Instant.now().minus(Duration.ofDays(8)));
      Person longAgo = SERVED.person("lars");
      endLeaked(longAgo);
      assertThat(ServedConsole.sound(longAgo.open("/console")).body()).doesNotContain(leaked);
      SERVED.ports().clock().set(Instant.now());
      Person owner = SERVED.person("lena");
      Person other = SERVED.person("leo");
      endLeaked(owner);
      assertThat(ServedConsole.sound(owner.open("/console")).body()).contains(leaked);
      assertThat(ServedConsole.sound(other.open("/console")).body()).doesNotContain(leaked);
    } finally {
      SERVED.ports().clock().set(before);
    }
  }

  @Test
  void a_leaked_token_of_a_service_account_is_told_to_who_is_responsible() {
    Instant before = SERVED.ports().clock().instant();
    try {
      SERVED.ports().clock().set(Instant.now());
      Person responsible = SERVED.person("runa");
      Person other = SERVED.person("rolo");
      SERVED
          .root()
          .api()
          .post(
              "/v1/users", Map.of("handle", "night-bot", "kind", "service", "responsible", "runa"))
          .isStatus(201);
      endLeaked(responsible, "night-bot");

      assertThat(ServedConsole.sound(responsible.open("/console")).body())
          .contains(
              "a token of the service account night-bot leaked", "/console/people/night-bot/access")
          .doesNotContain("a token of yours leaked");
      responsible.open("/console/people/night-bot/access").isStatus(200);
      assertThat(ServedConsole.sound(other.open("/console")).body()).doesNotContain("night-bot");
    } finally {
      SERVED.ports().clock().set(before);
    }
  }

  private static void endLeaked(Person owner) {
    endLeaked(owner, owner.handle());
  }

  private static void endLeaked(Person manager, String user) {
    String token =
        manager
            .api()
            .post("/v1/users/" + user + "/tokens", Map.of("name", "n"))
            .isStatus(201)
            .text("/token");
    manager.api().post("/v1/tokens/_leaked", Map.of("token", token)).isStatus(204);
  }

  @Test
  void an_old_key_needs_those_who_can_replace_it() {
    Person owner = withService("olda", "chat");
    Person coOwner = SERVED.person("odo");
    Person reader = SERVED.person("ove");
    String api = "/v1/llm-services/olda/chat";
    String endpoint = owner.api().get(api).text("/endpoint");
    Map<String, String> key = Map.of("api_key", "sk-canary-0123456789", "endpoint", endpoint);
    owner.api().patch(api, key).isStatus(200);
    share(owner, "olda/chat", "odo", Map.of("role", "owner"));
    share(owner, "olda/chat", "ove", Map.of("role", "writer"));
    String old = "Replace the key of olda/chat, which is older than 90 days.";
    assertThat(owner.open("/console").body()).doesNotContain(old);
    Instant now = SERVED.ports().clock().instant();
    SERVED.ports().clock().set(now.minus(Duration.ofDays(91)));
    try {
      owner.api().patch(api, key).isStatus(200);
    } finally {
      SERVED.ports().clock().set(now);
    }

    for (Person person : List.of(owner, coOwner)) {
      assertThat(person.open("/console").body()).contains(old);
    }
    assertThat(reader.open("/console").body()).doesNotContain(old);
  }

  @Test
  void a_key_that_the_provider_rejects_needs_those_who_can_replace_it() {
    Person owner = withService("ronja", "chat");
    Person reader = SERVED.person("rolf");
    owner
        .api()
        .patch(
            "/v1/llm-services/ronja/chat",
            Map.of(
                "api_key",
                "sk-canary-0123456789",
                "endpoint",
                owner.api().get("/v1/llm-services/ronja/chat").text("/endpoint")))
        .isStatus(200);
    share(owner, "ronja/chat", "rolf", Map.of("role", "reader"));
    TestResponse service = owner.api().get("/v1/llm-services/ronja/chat").isStatus(200);
    StoredKey key =
        new StoredKey(
            new Instance.Id(UUID.fromString(service.text("/id"))),
            Optional.empty(),
            Instant.parse(service.text("/api_key_set_at")));
    SERVED.ports().rejectedKeys().reject(List.of(new KeyRejection(key, Instant.now(), 401)));

    assertThat(ServedConsole.sound(owner.open("/console")).body())
        .contains(
            "Replace the key of ronja/chat: the provider has rejected it since",
            "/ronja/chat/key",
            "<time");
    assertThat(ServedConsole.sound(owner.open("/console/services/ronja/chat")).body())
        .contains("key rejected", "(status 401)");
    assertThat(reader.open("/console").body()).doesNotContain("rejects");
    assertThat(reader.open("/console/services/ronja/chat").body()).doesNotContain("key rejected");

    SERVED.ports().rejectedKeys().accept(List.of(key));
    assertThat(owner.open("/console").body()).doesNotContain("rejects");
  }

  @Test
  void a_budget_of_the_last_of_many_services_is_told_as_well() {
    Person reader = SERVED.person("rita");
    Person owner = SERVED.person("zoltan");
    for (int i = 0; i < 205; i++) {
      Instance service = AnInstance.of(user(owner), "s-%03d".formatted(i)).build();
      SERVED.ports().instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
      if (i < 204) {
        SERVED
            .ports()
            .shares()
            .insert(
                service.id(),
                AShare.with(user(reader)).role(Role.READER).givenBy(user(owner)).build(),
                user(owner).id());
      }
    }
    Map<String, Object> budget = Map.of("amount", "10", "unit", "requests", "window", "day");
    share(
        owner,
        "zoltan/s-204",
        "rita",
        Map.of("role", "reader", "limits", Map.of("budgets", List.of(budget))));
    BudgetAccount account =
        BudgetReference.read(
                reader.api().get("/v1/budgets?service=zoltan/s-204").text("/items/0/id"))
            .orElseThrow();
    SERVED.ports().budgetStates().charge(account, 9);

    assertThat(reader.open("/console").body()).contains("You on zoltan/s-204: 10 requests a day");
  }

  @Test
  void a_share_that_ends_soon_is_told_to_its_holder() {
    Person owner = withService("harry", "chat");
    Person soon = SERVED.person("helga");
    Person later = SERVED.person("heinz");
    share(owner, "harry/chat", "helga", ending(Duration.ofDays(3)));
    share(owner, "harry/chat", "heinz", ending(Duration.ofDays(300)));
    assertThat(soon.open("/console").body())
        .contains("Your share of harry/chat ends on", "<time datetime");
    assertThat(later.open("/console").body()).doesNotContain("ends on");
  }

  @Test
  void what_the_last_of_many_services_needs_is_told_as_well() {
    Person owner = SERVED.person("zenzi");
    Person holder = SERVED.person("hannes");
    for (int i = 0; i < 120; i++) {
      Instance service = AnInstance.of(user(owner), "s-%03d".formatted(i)).disabled().build();
      SERVED.ports().instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
      Instant until = now().plus(Duration.ofDays(i < 119 ? 60 : 3));
      SERVED
          .ports()
          .shares()
          .insert(
              service.id(),
              AShare.with(user(holder)).expiresAt(until).givenBy(user(owner)).build(),
              user(owner).id());
    }
    withService(owner, "without");
    assertThat(owner.open("/console").body())
        .contains("zenzi/without has no key")
        .doesNotContain("zenzi/s-000 has no key");
    assertThat(holder.open("/console").body())
        .contains("Your share of zenzi/s-119 ends on")
        .doesNotContain("Your share of zenzi/s-118 ends on");
  }

  @Test
  void many_services_without_a_key_are_told_by_their_number() {
    Person owner = SERVED.person("holger");
    for (int i = 0; i < 13; i++) {
      withService(owner, "s-%02d".formatted(i));
    }
    assertThat(owner.open("/console").body())
        .contains(
            "holger/s-09 has no key", "3 more services have no key, or a credential to confirm.")
        .doesNotContain("holger/s-10 has no key");
  }

  @Test
  void what_is_left_is_shown_and_a_budget_that_is_nearly_used_up_needs_its_caller() {
    Person owner = withService("hilda", "chat");
    Person reader = SERVED.person("hubert");
    Map<String, Object> budget = Map.of("amount", "10", "unit", "requests", "window", "day");
    share(
        owner,
        "hilda/chat",
        "hubert",
        Map.of("role", "reader", "limits", Map.of("budgets", List.of(budget))));
    assertThat(ServedConsole.sound(reader.open("/console")).body())
        .contains("10 requests of 10 requests a day", "Nothing at the moment.");
    BudgetAccount account =
        BudgetReference.read(reader.api().get("/v1/budgets").text("/items/0/id")).orElseThrow();
    SERVED.ports().budgetStates().charge(account, 9);
    assertThat(reader.open("/console").body())
        .contains("You on hilda/chat: 10 requests a day, nearly used up (1 request left).")
        .contains("1 request of 10 requests a day");
    assertThat(owner.open("/console").body()).doesNotContain("nearly used up");
  }

  @Test
  void an_offer_is_accepted_from_the_first_page() {
    Person giver = withService("hella", "given");
    Person receiver = SERVED.person("horst");
    offer(giver, "hella/given", "horst");
    String path = offerOn(receiver.open("/console"), "hella offers you a service.");
    assertThat(ServedConsole.sound(receiver.open(path)).body()).contains("service", "given");
    assertThat(giver.open(path).body()).contains("Withdraw").doesNotContain("Accept");
    assertThat(SERVED.person("hedda").open(path).status()).isEqualTo(404);
    assertThat(receiver.send(path, path + "/accept", Map.of()).header("Location"))
        .isEqualTo("/console");
    receiver.api().get("/v1/llm-services/horst/given").isStatus(200);
    assertThat(receiver.open(path).body()).contains(">accepted</span>");
  }

  @Test
  void an_offer_that_was_withdrawn_meanwhile_is_told_as_such() {
    Person giver = withService("heidi", "given");
    Person receiver = SERVED.person("henri");
    offer(giver, "heidi/given", "henri");
    String path = offerOn(receiver.open("/console"), "heidi offers you");
    TestResponse open = receiver.open(path);
    giver.send(path, path + "/withdraw", Map.of()).isStatus(303);
    TestResponse refused = receiver.browser().submit(open, path + "/accept", Map.of());
    assertThat(refused.status()).isBetween(400, 499);
    assertThat(ServedConsole.sound(receiver.open("/console")).body())
        .contains("Nothing at the moment.");
  }

  @Test
  void an_offer_is_seen_behind_hundreds_that_have_ended() {
    Person giver = withService("hagen", "given");
    Person receiver = SERVED.person("hilma");
    for (int i = 0; i < 200; i++) {
      Transfer ended =
          Transfer.offered(
                  new Transfer.Id(new UUID(i, 0)),
                  party("hagen"),
                  party("hilma"),
                  new Handle("hagen"),
                  List.of(),
                  now().minus(Duration.ofDays(30)))
              .ended(TransferState.WITHDRAWN, List.of(), now());
      SERVED.ports().transfers().insert(ended, ended.from().id());
    }
    offer(giver, "hagen/given", "hilma");

    String path = offerOn(receiver.open("/console"), "hagen offers you a service.");
    receiver.open(path).isStatus(200);
  }

  @Test
  void an_answer_to_a_request_is_told_behind_hundreds_of_old_answers() {
    Person asker = SERVED.person("ydris");
    Instance wanted = stored(withService("ysolde", "wanted"), "ysolde/wanted");
    Instant longAgo = Instant.now().minus(Duration.ofDays(30));
    for (int i = 0; i < 200; i++) {
      Instant asked = longAgo.minus(Duration.ofDays(i + 1));
      answered(ARequest.of(user(asker), wanted).at(asked).build(), longAgo);
    }
    BorrowRequest last = ARequest.of(user(asker), wanted).at(longAgo).build();
    answered(last, Instant.now());

    assertThat(ServedConsole.sound(asker.open("/console")).body())
        .containsOnlyOnce("Your request for ysolde/wanted was granted.")
        .contains("/console/requests/" + last.id().value());
  }

  private static void answered(BorrowRequest request, Instant at) {
    assertThat(SERVED.ports().borrowRequests().insert(request)).isTrue();
    SERVED
        .ports()
        .borrowRequests()
        .end(
            request.ended(RequestState.GRANTED, new Handle("ysolde"), at),
            request.service().owner());
  }

  @Test
  void a_change_that_waits_is_told_behind_hundreds_that_the_viewer_consented_to() {
    Person owner = withService("gisa", "guarded");
    Person coOwner = SERVED.person("gero");
    share(owner, "gisa/guarded", "gero", Map.of("role", "owner"));
    owner.api().patch("/v1/llm-services/gisa/guarded", Map.of("approvals", 3)).isStatus(200);
    assertThat(owner.open("/console").body()).doesNotContain("waits for consent");
    coOwner
        .api()
        .patch("/v1/llm-services/gisa/guarded", Map.of("endpoint", "https://other.example/v1"))
        .isStatus(202);
    Approval waiting =
        SERVED
            .ports()
            .approvals()
            .waitingFor(user(owner).id(), false, now(), Optional.empty(), 10)
            .getLast();
    Approval consented =
        waiting.with(new Approval.Consent(user(owner).id(), new Handle("gisa"), now()));
    for (int i = 0; i < 200; i++) {
      Approval before = RecordCopy.with(consented, "id", new Approval.Id(new UUID(i, 0)));
      SERVED
          .ports()
          .approvals()
          .insert(
              RecordCopy.with(before, "askedAt", now().minusSeconds(60)),
              SERVED.ports().approvals().change(waiting.id()).orElseThrow());
    }

    assertThat(ServedConsole.sound(owner.open("/console")).body())
        .contains("A change of a service waits for consent.");
  }

  private static Instance stored(Person owner, String ref) {
    return SERVED
        .ports()
        .instances()
        .find(Instance.Ref.of(ref), user(owner).id(), now())
        .orElseThrow()
        .instance();
  }

  private static Transfer.Party party(String handle) {
    User user = SERVED.ports().users().find(new Handle(handle)).orElseThrow();
    return new Transfer.Party(user.id(), user.handle());
  }

  private static String offerOn(TestResponse home, String words) {
    assertThat(ServedConsole.sound(home).body()).contains(words);
    Matcher link = OFFER.matcher(home.body());
    assertThat(link.find()).isTrue();
    return link.group();
  }

  private static void offer(Person giver, String service, String to) {
    TestResponse unused =
        giver
            .api()
            .post("/v1/transfers", Map.of("services", List.of(service), "to", to))
            .isStatus(201);
  }

  private static Instant now() {
    return SERVED.ports().clock().instant();
  }

  private static Map<String, Object> ending(Duration after) {
    return Map.of("role", "reader", "expires_at", now().plus(after).toString());
  }

  private static void share(Person owner, String service, String to, Map<String, Object> terms) {
    TestResponse unused =
        owner.api().put("/v1/llm-services/" + service + "/shares/" + to, terms).isStatus(201);
  }

  private static User user(Person person) {
    return SERVED.ports().users().find(new Handle(person.handle())).orElseThrow();
  }

  private static Person withService(String handle, String name) {
    Person owner = SERVED.person(handle);
    withService(owner, name);
    return owner;
  }

  private static void withService(Person owner, String name) {
    TestResponse unused =
        owner
            .api()
            .put(
                "/v1/llm-services/" + owner.handle() + "/" + name,
                Map.of("provider", "openai", "model", "m"))
            .isStatus(201);
  }
}
