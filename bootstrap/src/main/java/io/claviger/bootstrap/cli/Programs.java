package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.doctor.Examination;
import io.claviger.bootstrap.node.Node;

/**
 * The programs that the commands run. The programs do not depend on the command line. Each program
 * can throw {@link io.claviger.host.StartRefused}. After this exception, the command prints the
 * exception's lines, and its exit code is 1.
 */
public record Programs(
    ServeCommand.Program serve,
    DemoCommand.Program demo,
    AdminTokenCommand.Program adminToken,
    SignInLinkCommand.Program signInLink,
    KeyCommand.Program keys,
    PricesCommand.Program importPrices,
    AuditExportCommand.Program auditExport,
    DoctorCommand.Program doctor) {

  /** The programs that the commands run, except in tests. */
  public static final Programs STANDARD =
      new Programs(
          Node::start,
          DemoCommand::start,
          AdminTokenCommand::renew,
          SignInLinkCommand::make,
          KeyCommand::open,
          PricesCommand::run,
          AuditExportCommand::write,
          Examination::of);
}
