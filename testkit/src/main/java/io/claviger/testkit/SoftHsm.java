package io.claviger.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PKCS#11 token of SoftHSM 2 (the Debian package {@code softhsm2}), with its own directory. A
 * process can use the token with the environment variables from {@link #environment}.
 *
 * @param directory the directory of the token and its configuration
 */
public record SoftHsm(Path directory) {
  public static final String TOKEN = "claviger tests";
  public static final String PIN = "canary-pin-4711";

  /** The label of the AES key in the token. */
  public static final String KEY = "master key";

  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  /** Whether SoftHSM is installed on this machine, so that a token can be created. */
  public static boolean isInstalled() {
    return Files.exists(LIBRARY);
  }

  /** Returns why tests are skipped if SoftHSM is not installed. */
  public static String missing() {
    return LIBRARY + " is missing: install the package softhsm2";
  }

  /** Creates a PKCS#11 token with an AES key. */
  public static SoftHsm in(Path directory) throws IOException, InterruptedException {
    SoftHsm hsm = new SoftHsm(directory);
    Files.createDirectories(hsm.tokens());
    Files.writeString(
        hsm.configuration(),
        "directories.tokendir = %s%nobjectstore.backend = file%nlog.level = ERROR%n"
            .formatted(hsm.tokens()));
    hsm.addToken(TOKEN);
    hsm.addAesKey(KEY);
    return hsm;
  }

  /** Adds a token without keys. */
  public void addToken(String label) throws IOException, InterruptedException {
    String unused =
        run(
            List.of(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                label,
                "--so-pin",
                "12345678",
                "--pin",
                PIN));
  }

  /**
   * The token itself generates the key. Keys imported by the program {@code softhsm2-util} can't
   * always be used.
   */
  public void addAesKey(String label) throws IOException, InterruptedException {
    keytool("-genseckey", "-keyalg", "AES", "-keysize", "256", "-alias", label);
  }

  /**
   * The key gets a self-signed certificate. Without a certificate, the JDK would not find the key.
   */
  public void addRsaKey(String label, int bits) throws IOException, InterruptedException {
    keytool(
        "-genkeypair",
        "-keyalg",
        "RSA",
        "-keysize",
        Integer.toString(bits),
        "-alias",
        label,
        "-dname",
        "CN=tests");
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    Path provider = directory.resolve("provider.cfg");
    Files.writeString(
        provider, "name = tests%nlibrary = %s%nslot = %s%n".formatted(LIBRARY, slot()));
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", "NONE", "-storetype", "PKCS11", "-storepass", PIN));
    command.addAll(
        List.of(
            "-providerClass",
            "sun.security.pkcs11.SunPKCS11",
            "-providerArg",
            provider.toString()));
    String unused = run(command);
  }

  /** Returns the slot of the token with the keys. */
  private String slot() throws IOException, InterruptedException {
    String shown = run(List.of("softhsm2-util", "--show-slots"));
    return shown
        .substring(0, shown.indexOf(TOKEN))
        .lines()
        .filter(line -> line.matches("Slot [0-9]+"))
        .reduce((earlier, last) -> last)
        .orElseThrow()
        .substring("Slot ".length());
  }

  /** Makes the token disappear, as if the device were unplugged, or makes it appear again. */
  public void plug(boolean in) throws IOException {
    Path away = directory.resolve("away");
    if (in) {
      Files.move(away, tokens());
    } else {
      Files.move(tokens(), away);
    }
  }

  /** Returns the environment variables with which a process can use the token. */
  public Map<String, String> environment() {
    return Map.of("SOFTHSM2_CONF", configuration().toString());
  }

  /** Returns the URI of a key in this token. */
  public String uri(String label) {
    return "pkcs11:token=%s;object=%s?module-path=%s"
        .formatted(encoded(TOKEN), encoded(label), LIBRARY);
  }

  private static String encoded(String text) {
    return text.replace(" ", "%20");
  }

  private Path tokens() {
    return directory.resolve("tokens");
  }

  private Path configuration() {
    return directory.resolve("softhsm2.conf");
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.get(0) + " failed: " + said);
    }
    return said;
  }
}
