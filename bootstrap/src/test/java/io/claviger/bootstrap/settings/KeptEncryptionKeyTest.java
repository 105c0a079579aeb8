package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptEncryptionKeyTest {
  @TempDir private Path directory = Path.of("");
  private final List<String> notices = new ArrayList<>();

  @Test
  void a_key_is_made_at_the_first_start_which_says_so_and_kept_for_the_next() {
    String first = key(Map.of(), false);
    assertThat(first).hasSize(43);
    assertThat(notices).singleElement().asString().contains("encryption-key").doesNotContain(first);
    assertThat(key(Map.of(), true)).isEqualTo(first);
    assertThat(notices).hasSize(1);
  }

  @Test
  void the_operators_key_comes_first_and_nothing_is_made() {
    assertThat(key(Map.of("ENCRYPTION_KEY", "theirs"), false)).isEqualTo("theirs");
    assertThat(directory.resolve("data/encryption-key")).doesNotExist();
  }

  @Test
  void no_new_key_is_made_for_an_old_database() {
    assertThatThrownBy(() -> key(Map.of(), true))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("the encryption key is missing");
    assertThat(directory.resolve("data/encryption-key")).doesNotExist();
  }

  /** As in ENCRYPTION_KEY_FILE, for a rotation and for the lines of {@code keys wrap}. */
  @Test
  void each_line_of_the_kept_file_is_a_key() {
    DataDirectory data = DataDirectory.open(directory.resolve("data"));
    assertThat(data.create(DataDirectory.ENCRYPTION_KEY, Confidential.of("one\n\ntwo  \r\nthree")))
        .isTrue();

    assertThat(key(Map.of(), true)).isEqualTo("one,two,three");
  }

  private String key(Map<String, String> environment, boolean databaseExists) {
    return KeptEncryptionKey.orOf(
            Settings.from(environment).keys(),
            DataDirectory.open(directory.resolve("data")),
            databaseExists,
            notices::add)
        .lend(String::new);
  }
}
