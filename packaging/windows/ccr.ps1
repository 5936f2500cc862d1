# Runs ccr on the Java runtime that lies beside it, as ccr.cmd does; PowerShell hands arguments on
# that cmd would take apart. CCR_JAVA_OPTS adds options for the runtime.
$ErrorActionPreference = 'Stop'
$ccrHome = Split-Path -Parent $PSScriptRoot
$flags = if ($args.Count -gt 0 -and $args[0] -ceq 'start') {
  '-XX:+UseCompactObjectHeaders', '-Xms20m', '-XX:NewSize=12m', '-Xmx256m'
} else {
  '-Xmx128m', '-XX:TieredStopAtLevel=1'
}
$options = @()
if ($env:CCR_JAVA_OPTS) {
  $options = $env:CCR_JAVA_OPTS -split '\s+' | Where-Object { $_ }
}
$ErrorActionPreference = 'Continue' # what ccr writes to standard error is no failure of this script
& "$ccrHome\runtime\bin\java.exe" '-XX:+UseSerialGC' @flags '-XX:-UsePerfData' `
  '--enable-native-access=ALL-UNNAMED' '--sun-misc-unsafe-memory-access=allow' `
  "-Dccr.launcher=$PSScriptRoot\ccr.cmd" @options -cp "$ccrHome\lib\ccr-cli.jar" `
  'dev.ccr.cli.Main' @args
exit $LASTEXITCODE
