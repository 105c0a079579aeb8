package io.claviger.imports.litellm.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.imports.litellm.crypto.SaltKey.Opened;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The forms are those of {@code encrypt_decrypt_utils.py} in LiteLLM's public repository, as of
 * 2026-11. The values were made with Python's cryptography and a Salsa20 written for this purpose.
 */
class SaltKeyTest {
  private static final String BOX =
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXB2Cqe_OMt3cCD31YgjS6E-gssUWxo6NaZjefTRSB";
  private static final String USUAL_ALPHABET =
      "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7JbL4x81eptFT2EmQB1hQ7vYvVUA2yr4hphpuJEQ=";
  private static final String V2 =
      "v2:gcm:AAECAwQFBgcICQoLZyttBg3JXdMUUMSxzQJwZrjzcLBECMCPLifJXE0A";
  private static final String V3 =
      "v3:gcm:AAECAwQFBgcICQoLUM7_oI513rVvsz2eZjmxa674dn1DiaHLcq_GfKhY";

  private static SaltKey key(String text) {
    return SaltKey.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void eachFormOpensWithTheSaltKeyAndWithNoOther() {
    try (SaltKey right = key("sk-salt-0123456789");
        SaltKey wrong = key("sk-salt-0123456780")) {
      assertThat(right.open(BOX)).isEqualTo(new Opened.Unsealed("sk-provider-ä"));
      assertThat(right.open(V2)).isEqualTo(new Opened.Unsealed("sk-provider-ä"));
      assertThat(right.open(V3)).isEqualTo(new Opened.Unsealed("sk-provider-ä"));
      assertThat(right.open(USUAL_ALPHABET)).isEqualTo(new Opened.Unsealed("openai/gpt-4o"));
      for (String sealed : new String[] {BOX, V2, V3, USUAL_ALPHABET}) {
        assertThat(wrong.open(sealed)).isEqualTo(new Opened.Closed());
        assertThat(right.open(changed(sealed))).isEqualTo(new Opened.Closed());
      }
    }
  }

  private static String changed(String sealed) {
    int at = sealed.length() - 8;
    return sealed.substring(0, at)
        + (sealed.charAt(at) == 'A' ? 'B' : 'A')
        + sealed.substring(at + 1);
  }

  @Test
  void textsThatWereNeverEncryptedAreReadAsTheyAre() {
    try (SaltKey key = key("sk-salt")) {
      for (String plain :
          new String[] {"", "openai/gpt-4o", "os.environ/KEY", "QUJD", "v4:gcm:x"}) {
        assertThat(key.open(plain)).isEqualTo(new Opened.Plain(plain));
      }
    }
  }

  @Test
  void markedTextsThatAreNoneDoNotOpen() {
    try (SaltKey key = key("sk-salt")) {
      for (String broken : new String[] {"v2:gcm:", "v3:gcm:!!!!", "v3:gcm:QUJD", V3 + "="}) {
        assertThat(key.open(broken)).isEqualTo(new Opened.Closed());
      }
    }
  }

  @Test
  void neitherFormShowsATextThatMayBeSecret() {
    assertThat(new Opened.Unsealed("sk-secret").toString()).doesNotContain("secret");
    assertThat(new Opened.Plain("sk-secret").toString()).doesNotContain("secret");
  }

  /** The vector of NaCl's own tests, {@code secretbox}: more than two blocks. */
  @Test
  void boxesOfNaClOpen() throws GeneralSecurityException {
    byte[] key = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    byte[] box =
        hex(
            "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"
                + "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
                + "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
                + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
                + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
                + "7973f622a43d14a6599b1f654cb45a74e355a5");

    assertThat(HexFormat.of().formatHex(SecretBox.open(key, box)))
        .isEqualTo(
            "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
                + "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
                + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
                + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
                + "5e0705");
    for (int at = 0; at < box.length; at += 7) {
      byte[] other = box.clone();
      other[at] ^= 1;
      assertThatThrownBy(() -> SecretBox.open(key, other))
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(() -> SecretBox.open(key, new byte[39]))
        .isInstanceOf(GeneralSecurityException.class);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
