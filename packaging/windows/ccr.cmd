@echo off
rem Runs ccr on the Java runtime that lies beside it. CCR_JAVA_OPTS adds options for that runtime.
setlocal
set "CCR_HOME=%~dp0.."
set "CCR_FLAGS=-Xmx128m -XX:TieredStopAtLevel=1"
if "%~1"=="start" set "CCR_FLAGS=-XX:+UseCompactObjectHeaders -Xms20m -XX:NewSize=12m -Xmx256m"
"%CCR_HOME%\runtime\bin\java.exe" -XX:+UseSerialGC %CCR_FLAGS% -XX:-UsePerfData ^
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ^
  "-Dccr.launcher=%~f0" %CCR_JAVA_OPTS% -cp "%CCR_HOME%\lib\ccr-cli.jar" dev.ccr.cli.Main %*
exit /b %ERRORLEVEL%
