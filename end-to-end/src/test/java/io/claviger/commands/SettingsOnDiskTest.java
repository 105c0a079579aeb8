package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.client.settings.SavedSignIn;
import io.claviger.journeys.Api;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Home directories on a disk that is full or read-only. Needs root, to mount one. */
@SharedMachines
class SettingsOnDiskTest {
  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private Api alice = machines.journey.user(machines.node, "alice");

  @TempDir private Path directory = Path.of("");
  private Path disk = directory;
  private Machine machine = new Machine(directory);

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a disk");
    assumeTrue(mount("-t", "tmpfs", "-o", "size=200k,mode=0700", "tmpfs").isEmpty(), "no mount");
    machine = new Machine(disk);
  }

  @AfterEach
  void unmount() throws Exception {
    execute(List.of("umount", disk.toString()));
  }

  private String mount(String... options) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("mount"));
    command.addAll(List.of(options));
    command.add(disk.toString());
    return execute(command);
  }

  private static String execute(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said + "failed";
  }

  private void fill() {
    try {
      Files.write(disk.resolve("ballast"), new byte[1 << 20]);
    } catch (IOException e) {
      return; // it is full
    }
    throw new AssertionError("the disk is not full");
  }

  @Test
  void nobody_begins_to_sign_in_where_nothing_can_be_kept() {
    fill();
    assertThat(login().failed().err()).contains("can't be written: no space left on device");
  }

  private Machine.Result login() {
    return machine.runReading(
        alice.token(), "login", machines.node.api().toString(), "--token-stdin");
  }

  @Test
  void on_a_full_disk_no_refresh_token_is_used_up() throws IOException {
    SavedSignIn signIn = machines.byDevice("alice", Duration.ofHours(-1));
    machine.signedIn(signIn);
    fill();
    assertThat(machine.run("services").failed().err()).contains("no space left");
    Files.delete(disk.resolve("ballast"));
    machine.run("services").done();
  }

  @Test
  void with_a_read_only_home_tokens_are_printed_but_not_kept() throws Exception {
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(12)));
    assertThat(mount("-o", "remount,ro")).isEmpty();
    Machine.Result printed = machine.run("token").done();
    assertThat(printed.out()).startsWith("clv_");
    assertThat(printed.err()).contains("can't be written: read-only file system");
    assertThat(login().failed().err()).contains("read-only file system");
  }
}
