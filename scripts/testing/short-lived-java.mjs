// Spark runs in tests for seconds or minutes: what a JVM optimises well, and collects in parallel, costs more than it
// gives. With its quick compiler alone it keeps 48 MB of what that makes: sessions of many jobs would throw it away and
// make it again.
export const shortLivedJava = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m";
