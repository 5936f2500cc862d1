package dev.ccr.cli.service;

import java.io.IOException;

/** Another router is known by that port. */
final class PortTakenException extends IOException {

  private static final long serialVersionUID = 1L;

  PortTakenException(String message) {
    super(message);
  }
}
