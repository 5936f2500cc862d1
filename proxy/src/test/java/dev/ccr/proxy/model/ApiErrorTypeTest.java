package dev.ccr.proxy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ApiErrorTypeTest {

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error",
    "401, authentication_error",
    "402, billing_error",
    "403, permission_error",
    "404, not_found_error",
    "405, invalid_request_error",
    "408, timeout_error",
    "413, request_too_large",
    "422, invalid_request_error",
    "429, rate_limit_error",
    "499, invalid_request_error",
    "500, api_error",
    "502, api_error",
    "503, overloaded_error",
    "504, timeout_error",
    "529, overloaded_error",
    "599, api_error"
  })
  void everyErrorStatusHasAType(int status, String type) {
    assertEquals(type, ApiErrorType.ofStatus(status).wireName());
  }

  @ParameterizedTest
  @EnumSource
  void aTypesOwnStatusHasThatType(ApiErrorType type) {
    assertEquals(type, ApiErrorType.ofStatus(type.status()));
  }
}
