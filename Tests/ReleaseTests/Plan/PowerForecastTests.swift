import Core
import Release
import Testing

@Suite("What a plan's canaries can be expected to see")
struct PowerForecastTests {
  @Test(
    "it is said by the last hour's traffic",
    arguments: [
      (
        36_000, "10%:10m", 1,
        "orders: by the last hour's traffic the canary gets about 600 invocations: an error rate of about 0.98 % is "
          + "caught with 90 %."
      ),
      (
        36_000, "10%:10m", 20,
        "orders: by the last hour's traffic the canary gets about 600 invocations: an error rate of about 1.6 % is "
          + "caught with 90 %."
      ),
      (
        36_000, "1%:2m,pause,10%:10m", 1,
        "orders: by the last hour's traffic step 1 (1% for 2m) sees about 12 invocations of the canary, and 30 are "
          + "needed for a verdict."
      ),
      (
        0, "10%:10m", 1,
        "orders: by the last hour's traffic step 1 (10% for 10m) sees about 0 invocations of the canary, and 30 are "
          + "needed for a verdict."
      ),
    ])
  func forecast(throughAlias: Int, steps: String, functions: Int, sentence: String) throws {
    let hour = HourOfTraffic(invocations: 50_000, throughAlias: throughAlias, mostConcurrent: 3)
    let forecast = try #require(
      PowerForecast(
        function: "orders", hour: hour, plan: try StepPlan(parsing: steps), functions: functions))
    #expect(forecast.sentence(minInvocations: 30) == sentence)
  }

  @Test("where all traffic moves at once there is nothing to be seen before")
  func noForecast() {
    let hour = HourOfTraffic(invocations: 9, throughAlias: 9, mostConcurrent: 1)
    #expect(PowerForecast(function: "orders", hour: hour, plan: .allAtOnce) == nil)
  }
}
