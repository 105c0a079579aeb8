package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeleteProjectTest {
  private final ProjectFixture p = new ProjectFixture();
  private final Project project = p.bobsProject("corpus", p.bobs);

  @Test
  void the_owner_deletes_a_project_and_the_service_stays() {
    assertThat(delete(p.bob)).isInstanceOf(Outcome.Done.class);

    assertThat(p.w.claviger.projects().find(project.ref(), p.bob.id())).isEmpty();
    assertThat(p.w.now(p.bobs.ref())).isEqualTo(p.bobs);
    assertThat(p.w.recorded()).containsExactly("project.delete done bob/corpus []");
  }

  @Test
  void an_administrator_deletes_anybodys() {
    assertThat(delete(p.root)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_member_does_not() {
    p.w.member(project, p.carol, Role.WRITER);

    assertThat(because(delete(p.carol))).isEqualTo("forbidden");
  }

  @Test
  void to_anybody_else_it_is_not_there() {
    assertThat(because(delete(p.alice))).isEqualTo("not_found");
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    assertThat(because(p.w.projects.delete(p.w.as(p.bob), project.ref(), Precondition.version(2))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void membership_and_tokens_restricted_to_it_go_with_it() {
    p.w.member(project, p.carol, Role.READER);
    TokenText unused = p.w.stored(AToken.of(p.carol).onlyFor(project).build());

    Outcome<Project.Ref> unusedToo = delete(p.bob);

    assertThat(p.w.claviger.projectShares().listOf(project.id(), Optional.empty(), 9)).isEmpty();
    assertThat(p.w.claviger.accessTokens().listOf(p.carol.id(), Optional.empty(), 1)).isEmpty();
  }

  private Outcome<Project.Ref> delete(User actor) {
    return p.w.projects.delete(p.w.as(actor), project.ref(), Precondition.NONE);
  }
}
