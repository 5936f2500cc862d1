package dev.ccr.proxy.tokens;

import java.nio.ByteBuffer;

/**
 * What an image costs: a token for 750 pixels, after it has been made to fit. Its size is read
 * from its header, PNG, JPEG, GIF or WebP; what follows is not looked at.
 */
final class ImageTokens {

  /** The most an image costs, and what one of unknown size is taken to cost. */
  static final long MOST = 1600;

  private static final int LONGEST_EDGE = 1568;
  private static final int PIXELS_A_TOKEN = 750;

  /** A JPEG's frame header comes behind profiles and thumbnails; further it is not sought. */
  private static final int JPEG_HEADER_LIMIT = 1 << 20;

  private static final long UNKNOWN = -1;

  private ImageTokens() {}

  /** Tokens of the image whose base64 stands there, in a buffer that is borrowed. */
  static long of(ByteBuffer body, int start, int end) {
    long size = size(new Base64Bytes(body, start, end));
    return size == UNKNOWN ? MOST : of((int) (size >>> Integer.SIZE), (int) size);
  }

  /** Tokens of an image of this many pixels each way. */
  static long of(int width, int height) {
    if (width <= 0 || height <= 0) {
      return MOST;
    }
    double scale = Math.min(1.0, (double) LONGEST_EDGE / Math.max(width, height));
    long pixels = fit(width, scale) * fit(height, scale);
    return Math.min(MOST, (pixels + PIXELS_A_TOKEN - 1) / PIXELS_A_TOKEN);
  }

  private static long fit(int edge, double scale) {
    return Math.max(1, Math.round(edge * scale));
  }

  private static long size(Base64Bytes in) {
    return switch (in.nextShort()) {
      case 0x8950 -> png(in);
      case 0xFFD8 -> jpeg(in);
      case 'G' << 8 | 'I' -> gif(in);
      case 'R' << 8 | 'I' -> webp(in);
      default -> UNKNOWN;
    };
  }

  private static long png(Base64Bytes in) {
    if (!in.skip(14) || in.nextShort() != 0) { // signature, length and name of IHDR
      return UNKNOWN;
    }
    int width = in.nextShort();
    return in.nextShort() == 0 ? size(width, in.nextShort()) : UNKNOWN;
  }

  private static long gif(Base64Bytes in) {
    return in.skip(4) ? size(in.nextShortLittle(), in.nextShortLittle()) : UNKNOWN;
  }

  private static long jpeg(Base64Bytes in) {
    for (int read = 2; read < JPEG_HEADER_LIMIT; ) {
      int marker = in.next();
      if (marker != 0xFF) {
        return UNKNOWN;
      }
      while (marker == 0xFF) { // padding
        marker = in.next();
      }
      int length = in.nextShort();
      if (length < 2) {
        return UNKNOWN;
      }
      if (isFrame(marker)) {
        in.next(); // bits of a sample
        int height = in.nextShort();
        return size(in.nextShort(), height);
      }
      if (!in.skip(length - 2)) {
        return UNKNOWN;
      }
      read += 2 + length;
    }
    return UNKNOWN;
  }

  /** SOF0 to SOF15, without the tables DHT, JPG and DAC in between. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF
        && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static long webp(Base64Bytes in) {
    if (!in.skip(10) || in.nextShort() != ('V' << 8 | 'P')) { // RIFF, length, WEBP
      return UNKNOWN;
    }
    int form = in.nextShort();
    if (!in.skip(4)) { // the chunk's length
      return UNKNOWN;
    }
    return switch (form) {
      case '8' << 8 | ' ' -> lossy(in);
      case '8' << 8 | 'L' -> lossless(in);
      case '8' << 8 | 'X' -> extended(in);
      default -> UNKNOWN;
    };
  }

  private static long lossy(Base64Bytes in) {
    if (!in.skip(6)) { // frame tag, start code
      return UNKNOWN;
    }
    int width = in.nextShortLittle();
    int height = in.nextShortLittle();
    return height < 0 ? UNKNOWN : size(width & 0x3FFF, height & 0x3FFF); // above: how to scale
  }

  private static long lossless(Base64Bytes in) {
    if (in.next() != 0x2F) {
      return UNKNOWN;
    }
    int low = in.nextShortLittle();
    int high = in.nextShortLittle();
    if (high < 0) {
      return UNKNOWN;
    }
    int bits = high << 16 | low;
    return size((bits & 0x3FFF) + 1, (bits >>> 14 & 0x3FFF) + 1);
  }

  private static long extended(Base64Bytes in) {
    if (!in.skip(4)) { // flags
      return UNKNOWN;
    }
    int width = in.nextShortLittle() | in.next() << 16;
    int height = in.nextShortLittle() | in.next() << 16;
    return width < 0 || height < 0 ? UNKNOWN : size(width + 1, height + 1);
  }

  private static long size(int width, int height) {
    return width < 0 || height < 0 ? UNKNOWN : (long) width << Integer.SIZE | height;
  }
}
