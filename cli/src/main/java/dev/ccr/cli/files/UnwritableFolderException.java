package dev.ccr.cli.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder for what the router writes by itself cannot be made, or is not the user's. */
public final class UnwritableFolderException extends IOException {

  private static final long serialVersionUID = 1;

  /** What to do about it, in one line. */
  public static final String HINT =
      "The router keeps its state there. XDG_STATE_HOME names another folder for it.";

  UnwritableFolderException(Path folder, FileSystemException cause) {
    super(folder + ": " + why(cause), cause);
  }

  private static @Nullable String why(FileSystemException cause) {
    return switch (cause) {
      case AccessDeniedException e -> "permission denied";
      case FileAlreadyExistsException e -> "there, but not a folder";
      default -> cause.getReason() == null ? "cannot be made" : cause.getReason();
    };
  }
}
