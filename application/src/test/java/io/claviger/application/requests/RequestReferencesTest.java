package io.claviger.application.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestReferencesTest {
  private static final Instance.Id SERVICE = new Instance.Id(UUID.randomUUID());

  private final InMemoryLinkCipher cipher = new InMemoryLinkCipher();
  private final RequestReferences references = new RequestReferences(cipher);

  static Stream<RequestedTerms> all() {
    Budget budget =
        new Budget(
            40_000_000_000L,
            BudgetUnit.USD,
            BudgetWindow.MONTH,
            new BudgetZone("Europe/Berlin"),
            BudgetBound.STRICT,
            true);
    return Stream.of(
        RequestedTerms.of(Role.OWNER),
        RequestedTerms.of(new ModelPattern("vendor/model with spaces:v2")),
        RequestedTerms.of(new Operation("POST **/models/{m}:generateContent")),
        RequestedTerms.of(budget),
        new RequestedTerms(
            Optional.of(Role.WRITER),
            Set.of(new ModelPattern("a"), new ModelPattern("b*")),
            Set.of(new Operation("GET models")),
            Optional.of(budget),
            Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_was_written_is_read_again(RequestedTerms terms) {
    MissingTerms missing = new MissingTerms(SERVICE, terms);
    String written = references.write(missing);

    assertThat(written).matches("[A-Za-z0-9_-]+");
    assertThat(references.read(written)).contains(missing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "not base64!", "AAAA", "\u0000", "%2e"})
  void what_nobody_wrote_is_nothing(String forged) {
    assertThat(references.read(forged)).isEmpty();
    assertThat(references.read("A".repeat(100_000))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no id",
        "019b0000-0000-7000-8000-000000000001",
        "019b0000-0000-7000-8000-000000000001\nrole KING",
        "019b0000-0000-7000-8000-000000000001\nlater something",
        "019b0000-0000-7000-8000-000000000001\nrole",
        "019b0000-0000-7000-8000-000000000001\nbudget 1 usd"
      })
  void what_another_version_wrote_is_nothing(String content) {
    byte[] encrypted = cipher.encrypt(content.getBytes(StandardCharsets.UTF_8));

    assertThat(references.read(Base64.getUrlEncoder().withoutPadding().encodeToString(encrypted)))
        .isEmpty();
  }
}
